(func $advance (;26;) (type 8) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;27;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;28;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;29;) (type 8) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;30;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  i32.const 2
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;31;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $other.dead (;32;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.input (;33;) (type 3) (param $frame i32) (result i32)
  i32.const 1
  call $read_input
)
(func $other.input.1 (;34;) (type 3) (param $frame i32) (result i32)
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
    i32.const 1
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $other.input (;35;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 6
  call $json_raw
  local.get $frame
  call $other.input.1
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
  i32.const 7
  call $json_raw
  call $json_done
)
(func $other.fault (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $other.run (;37;) (type 6) (param $frame i32)
  (local $input i32)
  local.get $frame
  call $other.input
  local.tee $input
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $other.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $input
  i64.const 10000
  i32.const 0
  call $call_begin
)
(func $other (;38;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $other.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $other.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $other.dead
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $other.fault
    return
  end
)
(func $again.dead (;39;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $again.input.1 (;40;) (type 3) (param $frame i32) (result i32)
  (local $handle i32) (local $left i64) (local $result i64)
  block $failed
    i32.const 3
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
    i32.const 1
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    call $unbox_int
    local.tee $left
    i64.const 1
    i64.sub
    local.set $result
    local.get $left
    i64.const 1
    i64.xor
    local.get $left
    local.get $result
    i64.xor
    i64.and
    i64.const 0
    i64.lt_s
    if ;; label = @2
      local.get $left
      call $box_int
      i64.const 1
      call $box_int
      call $subtract
      drop
      br $failed
    end
    local.get $result
    call $box_int
    return
  end
  i32.const 0
)
(func $again.input (;41;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  local.get $frame
  call $again.input.1
  local.tee $handle
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  local.get $handle
  i32.const 1
  call $json_value
  i32.eqz
  if ;; label = @1
    i32.const 0
    return
  end
  call $json_done
)
(func $again.fault (;42;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $again.run (;43;) (type 6) (param $frame i32)
  (local $input i32)
  local.get $frame
  call $again.input
  local.tee $input
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $again.fault
    return
  end
  local.get $frame
  i32.const 1
  local.get $input
  i64.const -1
  i32.const 0
  call $call_begin
)
(func $again.returned (;44;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  i32.const 2
  call $frame_check
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $again.fault
    return
  end
  local.get $frame
  call $again.dead
)
(func $again (;45;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.returned
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.fault
    return
  end
)
(func $later.dead (;46;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $later.run (;47;) (type 6) (param $frame i32)
  (local $input i32)
  i32.const 8
  local.set $input
  local.get $frame
  i32.const 2
  local.get $input
  i64.const -1
  i32.const 0
  call $call_begin
)
(func $later.fault (;48;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_raise
)
(func $later.returned (;49;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  i32.const 3
  call $frame_check
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $later.fault
    return
  end
  local.get $frame
  call $later.dead
)
(func $later (;50;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $later.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $later.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $later.returned
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $later.fault
    return
  end
)
(func $start (;51;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 312
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 312
  memory.init 0
  local.get 0
  i32.const 312
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 312
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
