;; u - v
(func $expression_0 (;14;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $right i64) (local $left i64) (local $result i64)
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
    local.set $right
    local.tee $left
    local.get $right
    i64.sub
    local.set $result
    local.get $left
    local.get $right
    i64.lt_u
    if ;; label = @2
      local.get $left
      call $box_uint
      local.get $right
      call $box_uint
      call $subtract
      drop
      br $failed
    end
    local.get $result
    call $box_uint
    return
  end
  i32.const 0
)
