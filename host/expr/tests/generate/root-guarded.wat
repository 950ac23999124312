;; has(nodes.late) ? nodes.late : 0
(func $expression_0 (;12;) (type 0) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 4
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_15
    i32.const 0
    i32.ne
    if (result i64) ;; label = @2
      local.get $frame
      call $root_15
      local.tee $handle
      i32.eqz
      if ;; label = @3
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
    else
      i64.const 0
    end
    call $box_int
    return
  end
  i32.const 0
)
