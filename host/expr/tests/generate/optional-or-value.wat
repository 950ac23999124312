;; x.?total.orValue(0)
;; 4 is {"string": "total"}
(func $expression_0 (;13;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $bound i32)
  block $failed
    i32.const 9
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_13
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    i32.const 4
    call $optional_select
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    local.tee $bound
    call $fn:hasValue/1
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    i32.const 3
    i32.eq
    if (result i32) ;; label = @2
      local.get $bound
      call $fn:value/1
      local.tee $handle
      i32.eqz
      br_if $failed
      local.get $handle
    else
      i64.const 0
      call $box_int
    end
    return
  end
  i32.const 0
)
