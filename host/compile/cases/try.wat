(func $advance (;34;) (type 10) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;35;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;36;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;37;) (type 10) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;38;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;39;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $guard.dead (;40;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $guard.body.open (;41;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $guard.run (;42;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  i64.const -1
  call $try_begin
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 0
  call $try_open
  call $guard.body.open
)
(func $guard.catch.open (;43;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $guard.closing (;44;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  i32.const 2
  i32.const 0
  call $try_open
  call $guard.finally.open
)
(func $guard.body.ended (;45;) (type 1) (param $frame i32) (param $section i32)
  (local $result i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $section
            call $scope_ended
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          i32.const 6
          local.set $result
          local.get $frame
          i32.const 0
          local.get $result
          call $try_ok
          br 3 (;@1;)
        end
        local.get $frame
        i32.const 0
        call $try_caught
        local.get $frame
        i32.const 0
        i32.const 1
        i32.const 0
        call $try_open
        call $guard.catch.open
        return
        br 2 (;@1;)
      end
      local.get $frame
      i32.const 0
      local.get $section
      call $try_return
      br 1 (;@1;)
    end
  end
  local.get $frame
  call $guard.closing
)
(func $read.nodes.guard.error^1 (;46;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 1
  i32.const 0
  call $read_fault
)
(func $guard.catch_result.1 (;47;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.guard.error^1
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
(func $guard.catch_result (;48;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  local.get $frame
  call $guard.catch_result.1
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
(func $guard.catch.ended (;49;) (type 1) (param $frame i32) (param $section i32)
  (local $result i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $section
            call $scope_ended
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          local.get $section
          call $guard.catch_result
          local.set $result
          local.get $result
          if ;; label = @5
            local.get $frame
            i32.const 0
            local.get $result
            call $try_ok
          else
            call $fault_expression
            local.get $frame
            i32.const 0
            call $try_fault
          end
          br 3 (;@1;)
        end
        local.get $frame
        i32.const 0
        call $try_fault
        br 2 (;@1;)
      end
      local.get $frame
      i32.const 0
      local.get $section
      call $try_return
      br 1 (;@1;)
    end
  end
  local.get $frame
  call $guard.closing
)
(func $guard.done (;50;) (type 6) (param $frame i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $frame
            i32.const 0
            call $try_done
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          br 3 (;@1;)
        end
        local.get $frame
        call $guard.dead
        br 2 (;@1;)
      end
      local.get $frame
      call $guard.fault
      br 1 (;@1;)
    end
    local.get $frame
    call $frame_release
  end
)
(func $guard.finally.ended (;51;) (type 1) (param $frame i32) (param $section i32)
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $section
            call $scope_ended
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          br 3 (;@1;)
        end
        local.get $frame
        i32.const 0
        call $try_fault
        br 2 (;@1;)
      end
      local.get $frame
      i32.const 0
      local.get $section
      call $try_return
      br 1 (;@1;)
    end
  end
  local.get $frame
  call $guard.done
)
(func $guard.finally.open (;52;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $guard.fault (;53;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $guard.ended (;54;) (type 1) (param $frame i32) (param $section i32)
  local.get $section
  call $scope_section
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    local.get $section
    call $guard.body.ended
    return
  end
  local.get $section
  call $scope_section
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    local.get $section
    call $guard.catch.ended
    return
  end
  local.get $section
  call $scope_section
  i32.const 2
  i32.eq
  if ;; label = @1
    local.get $frame
    local.get $section
    call $guard.finally.ended
    return
  end
)
(func $guard (;55;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $guard.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $guard.dead
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $guard.fault
    return
  end
  local.get $frame
  local.get $inner
  call $guard.ended
)
(func $broken.dead (;56;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $broken.fault (;57;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $broken.run (;58;) (type 6) (param $frame i32)
  (local $code i32) (local $message i32) (local $data i32)
  i32.const 8
  local.set $code
  local.get $code
  call $text_plain
  local.tee $code
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $broken.fault
    return
  end
  i32.const 9
  local.set $message
  local.get $message
  call $text_plain
  local.tee $message
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $broken.fault
    return
  end
  local.get $code
  local.get $message
  call $fault_new
  local.get $frame
  call $broken.fault
)
(func $broken (;59;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $broken.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $broken.dead
    return
  end
)
(func $caught.dead (;60;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $caught.value.1 (;61;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.guard.error^1
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
(func $caught.value (;62;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 10
  call $json_raw
  local.get $frame
  call $caught.value.1
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
  i32.const 11
  call $json_raw
  call $json_done
)
(func $caught.fault (;63;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_raise
)
(func $caught.run (;64;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $caught.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $caught.fault
    return
  end
  local.get $frame
  i32.const 2
  local.get $text
  call $frame_set
  local.get $frame
  call $caught.dead
)
(func $caught (;65;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $caught.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $caught.dead
    return
  end
)
(func $last.dead (;66;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $last.fault (;67;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 3
  call $frame_raise
)
(func $last.run (;68;) (type 6) (param $frame i32)
  (local $event i32) (local $payload i32)
  i32.const 12
  local.set $event
  local.get $event
  call $text_plain
  local.tee $event
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $last.fault
    return
  end
  i32.const 13
  local.set $payload
  local.get $event
  local.get $payload
  call $frame_emit
  local.get $frame
  i32.const 3
  i32.const 14
  call $frame_set
  local.get $frame
  call $last.dead
)
(func $last (;69;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $last.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $last.dead
    return
  end
)
(func $start (;70;) (type 9)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 390
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 390
  memory.init 0
  local.get 0
  i32.const 390
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 390
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
