(func $advance (;30;) (type 8) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;31;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;32;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;33;) (type 8) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;34;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;35;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $ask.dead (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $ask.ok (;37;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.input (;38;) (type 3) (param $frame i32) (result i32)
  i32.const 2
  call $read_input
)
(func $ask.about.1 (;39;) (type 3) (param $frame i32) (result i32)
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
    i32.const 3
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $ask.about (;40;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 6
  call $json_raw
  local.get $frame
  call $ask.about.1
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
(func $ask.fault (;41;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $ask.run (;42;) (type 6) (param $frame i32)
  (local $about i32)
  local.get $frame
  call $ask.about
  local.tee $about
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $ask.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $about
  i64.const 259200000
  i32.const 1
  call $wait_answer
)
(func $ask.default.1 (;43;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
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
    i32.const 3
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    call $unbox_double
    f64.const 0x1.4p+3 (;=10;)
    f64.lt
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
(func $ask.default (;44;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 8
  call $json_raw
  local.get $frame
  call $ask.default.1
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
(func $ask.again (;45;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $ask.default
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $ask.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $text
  call $frame_set
  local.get $frame
  call $ask.ok
)
(func $ask.returned (;46;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  i32.const 1
  call $frame_check
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $ask.fault
    return
  end
  local.get $frame
  call $ask.ok
)
(func $ask (;47;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $ask.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $ask.dead
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $ask.returned
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $ask.fault
    return
  end
  local.get $what
  i32.const 5
  i32.eq
  if ;; label = @1
    local.get $frame
    call $ask.again
    return
  end
)
(func $shown.dead (;48;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.nodes.ask (;49;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 1
  call $read_output
)
(func $shown.value.1 (;50;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.ask
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 10
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
(func $shown.value (;51;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 11
  call $json_raw
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 10
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
    i32.const 0
    call $json_value
    i32.eqz
    if ;; label = @2
      i32.const 0
      return
    end
  end
  i32.const 12
  call $json_raw
  call $json_done
)
(func $shown.fault (;52;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $shown.run (;53;) (type 6) (param $frame i32)
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
(func $shown (;54;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
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
(func $start (;55;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 612
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 612
  memory.init 0
  local.get 0
  i32.const 612
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 612
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
