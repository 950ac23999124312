(func $advance (;39;) (type 9) (param $events i32) (param $count i32) (result i32)
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
(func $describe (;40;) (type 2) (result i32)
  i32.const 4
  call $machine_describe
)
(func $save (;41;) (type 2) (result i32)
  i32.const 5
  call $machine_save
)
(func $restore (;42;) (type 9) (param $address i32) (param $length i32) (result i32)
  local.get $address
  local.get $length
  i32.const 5
  call $machine_restore
)
(func $flow.open (;43;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $flow (;44;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  i32.const 0
  i64.const -1
  call $frame_root
  call $flow.open
)
(func $lines.dead (;45;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_skip
  local.get $frame
  call $frame_release
)
(func $lines.ok (;46;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.input (;47;) (type 3) (param $frame i32) (result i32)
  i32.const 2
  call $read_input
)
(func $lines.items (;48;) (type 3) (param $frame i32) (result i32)
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
(func $lines.fault (;49;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 0
  call $frame_raise
)
(func $lines.next (;50;) (type 6) (param $frame i32)
  (local $body i32)
  loop ;; label = @1
    local.get $frame
    i32.const 0
    i32.const 0
    call $each_next
    local.tee $body
    if ;; label = @2
      local.get $body
      call $lines.body.open
      br 1 (;@1;)
    end
  end
  block ;; label = @1
    block ;; label = @2
      block ;; label = @3
        block ;; label = @4
          block ;; label = @5
            local.get $frame
            i32.const 0
            call $each_done
            br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;)
          end
          br 3 (;@1;)
        end
        local.get $frame
        call $lines.ok
        br 2 (;@1;)
      end
      local.get $frame
      call $lines.fault
      br 1 (;@1;)
    end
    local.get $frame
    call $frame_release
  end
)
(func $lines.run (;51;) (type 6) (param $frame i32)
  (local $items i32)
  local.get $frame
  call $lines.items
  local.tee $items
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $lines.fault
    return
  end
  local.get $frame
  i32.const 0
  local.get $items
  i32.const 2
  i64.const -1
  call $each_begin
  i32.eqz
  if ;; label = @1
    local.get $frame
    call $lines.fault
    return
  end
  local.get $frame
  call $lines.next
)
(func $lines.body.open (;52;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_ready
  local.get $frame
  call $frame_release
)
(func $read.nodes.doubled (;53;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 1
  i32.const 3
  call $read_output
)
(func $lines.result.1 (;54;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.doubled
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
(func $lines.result (;55;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  local.get $frame
  i32.const 0
  i32.const 1
  i32.const 6
  call $text_slice
  local.tee $handle
  if ;; label = @1
    local.get $handle
    return
  end
  call $json_begin
  local.get $frame
  call $lines.result.1
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
(func $read.each.item (;56;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  call $read_item
)
(func $lines.break (;57;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.each.item
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
    i64.const 100
    i64.gt_s
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
(func $lines.store (;58;) (type 1) (param $frame i32) (param $body i32)
  (local $result i32) (local $break i32)
  local.get $body
  call $lines.result
  local.set $result
  local.get $result
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    i32.const 0
    local.get $body
    i32.const 2
    call $each_failed
    return
  end
  local.get $body
  call $lines.break
  local.tee $break
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    i32.const 0
    local.get $body
    i32.const 2
    call $each_failed
    return
  end
  local.get $frame
  i32.const 0
  local.get $body
  local.get $result
  i32.const 2
  call $each_store
  local.get $break
  i32.const 3
  i32.eq
  if ;; label = @1
    local.get $frame
    i32.const 0
    call $each_break
  end
)
(func $lines.ended (;59;) (type 1) (param $frame i32) (param $body i32)
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
          call $lines.store
          br 3 (;@1;)
        end
        local.get $frame
        i32.const 0
        local.get $body
        i32.const 2
        call $each_failed
        br 2 (;@1;)
      end
      local.get $frame
      local.get $body
      call $scope_pass_return
      br 1 (;@1;)
    end
  end
  local.get $frame
  call $lines.next
)
(func $lines (;60;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $lines.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $lines.dead
    return
  end
  local.get $what
  i32.const 4
  i32.eq
  if ;; label = @1
    local.get $frame
    call $lines.fault
    return
  end
  local.get $frame
  local.get $inner
  call $lines.ended
)
(func $doubled.dead (;61;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $doubled.value.1 (;62;) (type 3) (param $frame i32) (result i32)
  (local $handle i32) (local $left i64) (local $result i64)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.each.item
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
    i64.const 2147483648
    i64.add
    i64.const 2
    i64.const 2147483648
    i64.add
    i64.or
    i64.const 32
    i64.shr_u
    i64.eqz
    if ;; label = @2
      local.get $left
      i64.const 2
      i64.mul
      local.set $result
    else
      local.get $left
      call $box_int
      i64.const 2
      call $box_int
      call $multiply
      local.tee $handle
      i32.eqz
      br_if $failed
      local.get $handle
      call $unbox_int
      local.set $result
    end
    local.get $result
    call $box_int
    return
  end
  i32.const 0
)
(func $doubled.value (;63;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  i32.const 7
  call $json_raw
  local.get $frame
  call $doubled.value.1
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
  i32.const 8
  call $json_raw
  call $json_done
)
(func $doubled.fault (;64;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 1
  call $frame_raise
)
(func $doubled.run (;65;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $doubled.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $doubled.fault
    return
  end
  local.get $frame
  i32.const 1
  local.get $text
  call $frame_set
  local.get $frame
  call $doubled.dead
)
(func $doubled (;66;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
  local.get $what
  i32.const 0
  i32.eq
  if ;; label = @1
    local.get $frame
    call $doubled.run
    return
  end
  local.get $what
  i32.const 1
  i32.eq
  if ;; label = @1
    local.get $frame
    call $doubled.dead
    return
  end
)
(func $done.dead (;67;) (type 6) (param $frame i32)
  local.get $frame
  call $frame_release
)
(func $read.nodes.lines (;68;) (type 3) (param $frame i32) (result i32)
  local.get $frame
  i32.const 0
  i32.const 0
  i32.const 4
  call $read_output
)
(func $done.value.1 (;69;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $read.nodes.lines
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
(func $done.value (;70;) (type 3) (param $frame i32) (result i32)
  (local $handle i32)
  call $json_begin
  local.get $frame
  call $done.value.1
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
(func $done.fault (;71;) (type 6) (param $frame i32)
  local.get $frame
  i32.const 2
  call $frame_raise
)
(func $done.run (;72;) (type 6) (param $frame i32)
  (local $text i32)
  local.get $frame
  call $done.value
  local.tee $text
  i32.eqz
  if ;; label = @1
    call $fault_expression
    local.get $frame
    call $done.fault
    return
  end
  local.get $frame
  local.get $text
  call $frame_return
)
(func $done (;73;) (type 0) (param $what i32) (param $frame i32) (param $inner i32)
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
(func $start (;74;) (type 7)
  (local i32)
  i32.const 0
  i32.const 0
  i32.const 1
  i32.const 370
  call $cabi_realloc
  local.tee 0
  i32.const 0
  i32.const 370
  memory.init 0
  local.get 0
  i32.const 370
  call $load
  i32.eqz
  if ;; label = @1
    unreachable
  end
  local.get 0
  i32.const 370
  i32.const 1
  i32.const 0
  call $cabi_realloc
  drop
)
