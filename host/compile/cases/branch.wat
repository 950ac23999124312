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
(func $check.dead (;32;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $check.case.big (;33;) (type 6) (param $frame i32)
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
(func $check.when.big (;35;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 4
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
    call $unbox_int
    i64.const 100
    i64.gt_s
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
(func $check.fault (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $check.run (;37;) (type 6) (param $frame i32)
  (local $truth i32)
  local.get $frame
  call $check.when.big
  local.tee $truth
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $check.fault
    return
  end
  local.get $truth
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    i32.const 0
    i32.const 7
    call $frame_set
    local.get $frame
    call $check.case.big
    return
  end
  local.get $truth
  i32.const 2
  i32.ne
  if ;; label = @1
    i32.const 8
    i32.const 9
    call $fault_new
    local.get $frame
    call $check.fault
    return
  end
  local.get $frame
  i32.const 0
  i32.const 10
  call $frame_set
  local.get $frame
  call $check.dead
)
(func $check (;38;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $check.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $check.dead
    return
  end
)
(func $large.dead (;39;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $large.value.1 (;40;) (type 3) (param $frame i32) (result i32)
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
(func $large.value (;41;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 11
  call $json_raw
  local.get $frame
  call $large.value.1
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
  call $json_done
)
(func $large.fault (;42;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $large.run (;43;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $large.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $large.fault
    return
  end
  local.get $frame
  local.get $text
  call $frame_return
)
(func $large (;44;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $large.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $large.dead
    return
  end
)
(func $start (;45;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 374
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 374
  memory.init 0
  local.get 0
  i32.const 374
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 374
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
