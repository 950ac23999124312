;; -i
(func $expression_0 (;13;) (type 0) (param $frame i32) (result i32)
  (local $number i64) (local $handle i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_0
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
    local.tee $number
    i64.const -9223372036854775808
    i64.eq
    if ;; label = @2
      local.get $number
      call $box_int
      call $negate
      drop
      br $failed
    end
    i64.const 0
    local.get $number
    i64.sub
    call $box_int
    return
  end
  i32.const 0
)
