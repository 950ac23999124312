;; b ? i : j
(func $expression_0 (;14;) (type 0) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 4
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_6
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 0
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    i32.const 3
    i32.eq
    if (result i64) ;; label = @2
      local.get $frame
      call $root_0
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
      local.get $frame
      call $root_1
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
    end
    call $box_int
    return
  end
  i32.const 0
)
