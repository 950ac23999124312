(func $advance (;28;) (type 8) (param $events i32) (param $count i32) (result i32)
  (local $task i32)
  local.get $events
  local.get $count
  call $turn_begin
  loop ;; label = @1
    call $turn_next
    local.tee $task
    if ;; label = @2
      local.get $task
      i32.load offset=4
      local.get $task
      i32.load offset=8
      local.get $task
      i32.load offset=12
      local.get $task
      i32.load
      call_indirect (type 0)
      br 1 (;@1;)
    end
  end
  call $turn_finish
)
(func $describe (;29;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;30;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;31;) (type 8) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;32;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;33;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 1
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $both.arrive (;34;) (type 1) (param $frame i32) (param $live i32)
  (local $count i32)
  local.get $frame
  local.get $frame
  i32.load offset=4
  local.get $live
  i32.const 16
  i32.shl
  i32.add
  i32.const 1
  i32.add
  local.tee $count
  i32.store offset=4
  local.get $count
  i32.const 65535
  i32.and
  i32.const 2
  i32.ne
  if ;; label = @1
    return
  end
  local.get $count
  i32.const 16
  i32.shr_u
  if ;; label = @1
    local.get $frame
    i32.const 3
    call $frame_ready
  else
    local.get $frame
    i32.const 3
    call $frame_skip
  end
)
(func $left.dead (;35;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $both.arrive
  local.get $frame
  call $frame_release
)
(func $left.ok (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $both.arrive
  local.get $frame
  call $frame_release
)
(func $read.input (;37;) (type 3) (param $frame i32) (result i32)
  i32.const 3
  call $read_input
)
(func $left.value.1 (;38;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.input
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 6
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $left.value (;39;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 7
  call $json_raw
  i32.const 6
  call $text_input
  local.tee $handle
  if ;; label = @1
    local.get $handle
    call $json_raw
  else
    local.get $frame
    call $left.value.1
    local.tee $handle
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
    local.get $handle
    i32.const 0
    call $json_value
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
  end
  i32.const 8
  call $json_raw
  call $json_done
)
(func $left.fault (;40;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $left.run (;41;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $left.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $left.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $text
  call $frame_set
  local.get $frame
  call $left.ok
)
(func $left (;42;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $left.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $left.dead
    return
  end
)
(func $right.dead (;43;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $right.ok (;44;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $right.value.1 (;45;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.input
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 9
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $right.value (;46;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 10
  call $json_raw
  i32.const 9
  call $text_input
  local.tee $handle
  if ;; label = @1
    local.get $handle
    call $json_raw
  else
    local.get $frame
    call $right.value.1
    local.tee $handle
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
    local.get $handle
    i32.const 1
    call $json_value
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
  end
  i32.const 8
  call $json_raw
  call $json_done
)
(func $right.fault (;47;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $right.run (;48;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $right.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $right.fault
    return
  end
  local.get $frame
  i32.const 1
  local.get $text
  call $frame_set
  local.get $frame
  call $right.ok
)
(func $right (;49;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $right.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $right.dead
    return
  end
)
(func $off.dead (;50;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $both.arrive
  local.get $frame
  call $frame_release
)
(func $off.ok (;51;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $both.arrive
  local.get $frame
  call $frame_release
)
(func $off.run (;52;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  i32.const 1
  call $frame_pass
  local.get $frame
  call $off.ok
)
(func $off.fault (;53;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_raise
)
(func $off (;54;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $off.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $off.dead
    return
  end
)
(func $both.dead (;55;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.nodes.left (;56;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 4
  call $read_output
)
(func $both.value.1 (;57;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.left
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 6
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $both.value.2 (;58;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.input
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 6
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $read.nodes.right (;59;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 1
  i32.const 5
  call $read_output
)
(func $both.value.3 (;60;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.right
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    return
  end
  i32.const 0
)
(func $both.value (;61;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 7
  call $json_raw
  local.get $frame
  call $both.value.1
  local.tee $handle
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  local.get $handle
  i32.const 2
  call $json_value
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  i32.const 11
  call $json_raw
  local.get $frame
  call $both.value.2
  local.tee $handle
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  local.get $handle
  call $json_text
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  i32.const 12
  call $json_raw
  local.get $frame
  call $both.value.3
  local.tee $handle
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  local.get $handle
  i32.const 2
  call $json_value
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  i32.const 8
  call $json_raw
  call $json_done
)
(func $both.fault (;62;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_raise
)
(func $both.run (;63;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $both.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $both.fault
    return
  end
  local.get $frame
  local.get $text
  call $frame_return
)
(func $both (;64;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $both.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $both.dead
    return
  end
)
(func $start (;65;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 392
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 392
  memory.init 0
  local.get 0
  i32.const 392
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 392
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
