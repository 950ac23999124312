(func $advance (;25;) (type 9) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;26;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;27;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;28;) (type 9) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;29;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;30;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $start.dead (;31;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $start.ok (;32;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  i32.const 1
  call $frame_arrive
  local.get $frame
  call $frame_release
)
(func $start.run (;33;) (type 6) (param $frame i32)
  (local $text i32)
  i32.const 6
  local.set $text
  local.get $frame
  i32.const 0
  local.get $text
  call $frame_set
  local.get $frame
  call $start.ok
)
(func $start.fault (;34;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $start (;35;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $start.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $start.dead
    return
  end
)
(func $again.dead (;36;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $again.ok (;37;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $again.fault (;38;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $again.run (;39;) (type 6) (param $frame i32)
  (local $text i32)
  i32.const 7
  local.set $text
  local.get $frame
  i32.const 1
  local.get $text
  i64.const -1
  call $wait_for
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $again.fault
    return
  end
)
(func $again.visit (;40;) (type 6) (param $frame i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          local.get $frame
          i32.const 1
          i32.const 10
          call $frame_visit
          br_table 0 (;@4;) 1 (;@3;) 2 (;@2;)
        end
        local.get $frame
        call $again.run
        br 2 (;@1;)
      end
      local.get $frame
      call $again.fault
      br 1 (;@1;)
    end
    local.get $frame
    i32.const 1
    call $frame_raise
  end
)
(func $again (;41;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 2
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.visit
    return
  end
  local.get $what
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $again.ok
    return
  end
)
(func $check.dead (;42;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $check.case.else (;43;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  i32.const 1
  call $frame_arrive
  local.get $frame
  i32.const 3
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $check.case.late (;44;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.run (;45;) (type 3) (param $frame i32) (result i32)
  call $read_run
)
(func $check.when.late (;46;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 4
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.run
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 8
    call $select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    call $unbox_uint
    i64.const 5
    i64.gt_u
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
(func $check.fault (;47;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_raise
)
(func $check.run (;48;) (type 6) (param $frame i32)
  (local $truth i32)
  local.get $frame
  call $check.when.late
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
    i32.const 2
    i32.const 9
    call $frame_set
    local.get $frame
    call $check.case.late
    return
  end
  local.get $truth
  i32.const 2
  i32.ne
  if ;; label = @1
    i32.const 10
    i32.const 11
    call $fault_new
    local.get $frame
    call $check.fault
    return
  end
  local.get $frame
  i32.const 2
  i32.const 12
  call $frame_set
  local.get $frame
  call $check.case.else
)
(func $check (;49;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
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
(func $done.dead (;50;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $done.run (;51;) (type 6) (param $frame i32)
  (local $text i32)
  i32.const 13
  local.set $text
  local.get $frame
  local.get $text
  call $frame_return
)
(func $done.fault (;52;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_raise
)
(func $done (;53;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $done.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $done.dead
    return
  end
)
(func $"#func54 start" (@name "start") (;54;) (type 8)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 424
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 424
  memory.init 0
  local.get 0
  i32.const 424
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 424
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
