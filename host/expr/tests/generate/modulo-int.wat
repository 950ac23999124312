;; i % j
(func $expression_0 (;14;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $right i64) (local $left i64) (local $result i64)
  block $failed
    i32.const 3
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
    local.get $frame
    call $root_1
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
    local.set $right
    local.set $left
    local.get $right
    i64.eqz
    local.get $left
    i64.const -9223372036854775808
    i64.eq
    local.get $right
    i64.const -1
    i64.eq
    i32.and
    i32.or
    if ;; label = @2
      local.get $left
      call $box_int
      local.get $right
      call $box_int
      call $modulo
      drop
      br $failed
    end
    local.get $left
    local.get $right
    i64.rem_s
    call $box_int
    return
  end
  i32.const 0
)
