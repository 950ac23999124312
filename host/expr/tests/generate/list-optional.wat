;; [i, ?x]
(func $expression_0 (;15;) (type 0) (param $frame i32) (result i32)
  (local $list i32) (local $handle i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    i32.const 2
    call $list_new
    local.tee $list
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
    call $list_push
    local.get $list
    local.get $frame
    call $root_13
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    call $list_push_optional
    i32.eqz
    br_if $failed
    local.get $list
    call $list_done
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
