;; {'i': i, 'd': d}
;; 4 is {"string": "i"}
;; 5 is {"string": "d"}
(func $expression_0 (;14;) (type 0) (param $frame i32) (result i32)
  (local $map i32) (local $handle i32)
  block $failed
    i32.const 5
    call $begin
    i32.eqz
    br_if $failed
    i32.const 2
    call $map_new
    local.tee $map
    i32.const 4
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
    call $map_put
    i32.eqz
    br_if $failed
    local.get $map
    i32.const 5
    local.get $frame
    call $root_4
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 3
    call $expect
    i32.eqz
    br_if $failed
    local.get $handle
    call $map_put
    i32.eqz
    br_if $failed
    local.get $map
    call $map_done
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
