;; u <= v
(func $expression_0 (;12;) (type 0) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_2
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 2
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    call $unbox_uint
    local.get $frame
    call $root_3
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 2
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    call $unbox_uint
    i64.le_u
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
