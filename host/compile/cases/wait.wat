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
(func $pause.dead (;30;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $pause.ok (;31;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.input (;32;) (type 3) (param $frame i32) (result i32)
  i32.const 0
  call $read_input
)
(func $pause.time.1 (;33;) (type 3) (param $frame i32) (result i32)
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
(func $pause.time (;34;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  i32.const 6
  call $text_input
  local.tee $handle
  if ;; label = @1
    local.get $handle
    return
  end
  call $json_begin
  local.get $frame
  call $pause.time.1
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
(func $pause.fault (;35;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $pause.run (;36;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $pause.time
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $pause.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $text
  i64.const -1
  call $wait_until
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $pause.fault
    return
  end
)
(func $pause (;37;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $pause.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $pause.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $pause.ok
    return
  end
)
(func $shown.dead (;38;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $shown.value.1 (;39;) (type 3) (param $frame i32) (result i32)
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
(func $shown.value (;40;) (type 3) (param $frame i32) (result i32)
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
    call $shown.value.1
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
(func $shown.fault (;41;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $shown.run (;42;) (type 6) (param $frame i32)
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
(func $shown (;43;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
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
(func $start (;44;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 275
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 275
  memory.init 0
  local.get 0
  i32.const 275
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 275
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
