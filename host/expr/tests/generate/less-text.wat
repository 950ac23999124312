;; s >= t
(func $expression_0 (;11;) (type 0) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_8
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    local.get $frame
    call $root_9
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    call $greater_or_equal
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
