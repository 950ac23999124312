;; b ? i : s
(func $expression_0 (;12;) (type 0) (param $frame i32) (result i32)
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
    if (result i32) ;; label = @2
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
    else
      local.get $frame
      call $root_8
      local.tee $handle
      i32.eqz
      if ;; label = @3
        call $fail_absent
        br $failed
      end
      local.get $handle
    end
    return
  end
  i32.const 0
)
