;; s == 'done'
;; 4 is {"string": "done"}
(func $expression_0 (;10;) (type 0) (param $frame i32) (result i32)
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
    i32.const 4
    call $equal
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
