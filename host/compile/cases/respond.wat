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
  call $frame_release
)
(func $flow (;31;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $soon.dead (;32;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $soon.ok (;33;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.input (;34;) (type 3) (param $frame i32) (result i32)
  i32.const 0
  call $read_input
)
(func $soon.value.1 (;35;) (type 3) (param $frame i32) (result i32)
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
(func $soon.value (;36;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 6
  call $json_raw
  i32.const 7
  call $text_input
  local.tee $handle
  if ;; label = @1
    local.get $handle
    call $json_raw
  else
    local.get $frame
    call $soon.value.1
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
(func $soon.fault (;37;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $soon.run (;38;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $soon.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $soon.fault
    return
  end
  local.get $text
  call $frame_respond
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $soon.fault
    return
  end
  local.get $frame
  i32.const 0
  i32.const 9
  call $frame_set
  local.get $frame
  call $soon.ok
)
(func $soon (;39;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $soon.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $soon.dead
    return
  end
)
(func $late.dead (;40;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $late.fault (;41;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $late.run (;42;) (type 6) (param $frame i32)
  (local $event i32) (local $payload i32)
  i32.const 10
  local.set $event
  local.get $event
  call $text_plain
  local.tee $event
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $late.fault
    return
  end
  i32.const 9
  local.set $payload
  local.get $event
  local.get $payload
  call $frame_emit
  local.get $frame
  i32.const 1
  i32.const 9
  call $frame_set
  local.get $frame
  call $late.dead
)
(func $late (;43;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $late.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $late.dead
    return
  end
)
(func $start (;44;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 295
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 295
  memory.init 0
  local.get 0
  i32.const 295
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 295
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
