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
  call $frame_release
)
(func $flow (;33;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $paid.dead (;34;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $paid.ok (;35;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.input (;36;) (type 3) (param $frame i32) (result i32)
  i32.const 3
  call $read_input
)
(func $paid.key.1 (;37;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
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
    return
  end
  i32.const 0
)
(func $paid.key (;38;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  local.get $frame
  call $paid.key.1
  local.tee $handle
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  local.get $handle
  i32.const 0
  call $json_value
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  call $json_done
)
(func $paid.fault (;39;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $paid.run (;40;) (type 6) (param $frame i32)
  (local $name i32) (local $key i32) (local $until i32)
  i32.const 6
  local.set $name
  local.get $name
  call $text_plain
  local.tee $name
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $paid.fault
    return
  end
  local.get $frame
  call $paid.key
  local.tee $key
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $paid.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $name
  local.get $key
  local.get $until
  i64.const 172800000
  call $wait_signal
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $paid.fault
    return
  end
)
(func $paid.returned (;41;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  i32.const 1
  call $frame_check
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $paid.fault
    return
  end
  local.get $frame
  call $paid.ok
)
(func $paid (;42;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $paid.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $paid.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $paid.returned
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $paid.fault
    return
  end
)
(func $shown.dead (;43;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.nodes.paid (;44;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 1
  call $read_output
)
(func $shown.value.1 (;45;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.paid
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 7
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $shown.value (;46;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 8
  call $json_raw
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 7
  call $text_slice
  local.tee $handle
  if ;; label = @1
    local.get $handle
    call $json_raw
  else
    local.get $frame
    call $shown.value.1
    local.tee $handle
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
    local.get $handle
    i32.const 2
    call $json_value
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
  end
  i32.const 9
  call $json_raw
  call $json_done
)
(func $shown.fault (;47;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $shown.run (;48;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $shown.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $shown.fault
    return
  end
  local.get $frame
  i32.const 1
  local.get $text
  call $frame_set
  local.get $frame
  call $shown.dead
)
(func $shown (;49;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $shown.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $shown.dead
    return
  end
)
(func $start (;50;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 301
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 301
  memory.init 0
  local.get 0
  i32.const 301
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 301
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
