(func $advance (;33;) (type 8) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;34;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;35;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;36;) (type 8) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;37;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;38;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $poll.dead (;39;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.repeat.index (;40;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  call $read_index
)
(func $poll.until (;41;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.repeat.index
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
    i64.const 2
    i64.ge_s
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
(func $poll.body.open (;42;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $poll.run (;43;) (type 6) (param $frame i32)
  (local $body i32) (local $truth i32)
  local.get $frame
  i32.const 0
  i64.const 60000
  call $repeat_begin
  local.get $frame
  i32.const 0
  i32.const 0
  call $repeat_open
  local.set $body
  local.get $body
  call $poll.body.open
)
(func $poll.round (;44;) (type 1) (param $frame i32) (param $body i32)
  (local $truth i32)
  local.get $frame
  i32.const 0
  i32.const 0
  call $repeat_open
  call $poll.body.open
)
(func $poll.result.1 (;45;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.repeat.index
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
(func $poll.result (;46;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  local.get $frame
  call $poll.result.1
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
(func $poll.failed (;47;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $repeat_failed
  local.get $frame
  call $poll.fault
)
(func $poll.finish (;48;) (type 6) (param $frame i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $frame
            i32.const 0
            call $repeat_done
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          br 3 (;@1;)
        end
        local.get $frame
        call $poll.dead
        br 2 (;@1;)
      end
      local.get $frame
      call $poll.fault
      br 1 (;@1;)
    end
    local.get $frame
    call $frame_release
  end
)
(func $poll.quiet (;49;) (type 1) (param $frame i32) (param $body i32)
  (local $result i32) (local $truth i32)
  local.get $body
  call $poll.result
  local.set $result
  local.get $result
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $poll.failed
    return
  end
  local.get $body
  call $poll.until
  local.tee $truth
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $poll.failed
    return
  end
  local.get $frame
  i32.const 0
  local.get $result
  call $repeat_store
  local.set $result
  local.get $truth
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    call $poll.finish
    return
  end
  local.get $result
  i32.const 5
  i32.ge_u
  if ;; label = @1
    i32.const 6
    i32.const 7
    call $fault_new
    local.get $frame
    call $poll.failed
    return
  end
  local.get $frame
  i32.const 0
  local.get $body
  i64.const 10000
  call $repeat_sleep
)
(func $poll.ended (;50;) (type 1) (param $frame i32) (param $body i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $body
            call $scope_ended
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          local.get $frame
          local.get $body
          call $poll.quiet
          br 3 (;@1;)
        end
        local.get $frame
        call $poll.failed
        br 2 (;@1;)
      end
      local.get $frame
      local.get $body
      call $scope_pass_return
      local.get $frame
      call $poll.finish
      br 1 (;@1;)
    end
    local.get $frame
    call $poll.finish
  end
)
(func $poll.fault (;51;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $poll.again (;52;) (type 6) (param $frame i32)
  local.get $frame
  local.get $frame
  i32.const 0
  call $repeat_kept
  call $poll.round
)
(func $poll (;53;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $poll.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $poll.dead
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $poll.fault
    return
  end
  local.get $what
  i32.const 5
  i32.eq
  if ;; label = @1
    local.get $frame
    call $poll.again
    return
  end
  local.get $frame
  local.get $inner
  call $poll.ended
)
(func $look.dead (;54;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $look.value.1 (;55;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.repeat.index
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
(func $look.value (;56;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 8
  call $json_raw
  local.get $frame
  call $look.value.1
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
(func $look.fault (;57;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $look.run (;58;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $look.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $look.fault
    return
  end
  local.get $frame
  i32.const 1
  local.get $text
  call $frame_set
  local.get $frame
  call $look.dead
)
(func $look (;59;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $look.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $look.dead
    return
  end
)
(func $start (;60;) (type 7)
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
