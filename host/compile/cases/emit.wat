(func $advance (;24;) (type 8) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;25;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;26;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;27;) (type 8) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;28;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;29;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $tell.dead (;30;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.input (;31;) (type 3) (param $frame i32) (result i32)
  i32.const 1
  call $read_input
)
(func $tell.event.1 (;32;) (type 3) (param $frame i32) (result i32)
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
(func $tell.event (;33;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 6
  call $json_raw
  local.get $frame
  call $tell.event.1
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
  i32.const 7
  call $json_raw
  call $json_done
)
(func $tell.payload.1 (;34;) (type 3) (param $frame i32) (result i32)
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
(func $tell.payload (;35;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 8
  call $json_raw
  local.get $frame
  call $tell.payload.1
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
  i32.const 9
  call $json_raw
  call $json_done
)
(func $tell.fault (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $tell.run (;37;) (type 6) (param $frame i32)
  (local $event i32) (local $payload i32)
  local.get $frame
  call $tell.event
  local.tee $event
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $tell.fault
    return
  end
  local.get $event
  call $text_plain
  local.tee $event
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $tell.fault
    return
  end
  local.get $frame
  call $tell.payload
  local.tee $payload
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $tell.fault
    return
  end
  local.get $event
  local.get $payload
  call $frame_emit
  local.get $frame
  i32.const 0
  i32.const 10
  call $frame_set
  local.get $frame
  call $tell.dead
)
(func $tell (;38;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $tell.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $tell.dead
    return
  end
)
(func $start (;39;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 264
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 264
  memory.init 0
  local.get 0
  i32.const 264
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 264
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
