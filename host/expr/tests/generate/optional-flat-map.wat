;; x.?lines.optFlatMap(n, n[?0])
;; 4 is {"string": "lines"}
;; 5 is {"optional": null}
(func $expression_0 (;15;) (type 0) (param $frame i32) (result i32)
  (local $optional i32) (local $handle i32) (local $presence i32) (local $bound i32)
  block $failed
    i32.const 6
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
    local.tee $optional
    call $is_some
    local.tee $presence
    i32.const 0
    i32.lt_s
    br_if $failed
    local.get $presence
    if (result i32) ;; label = @2
      local.get $optional
      call $unwrap
      local.tee $bound
      i64.const 0
      call $box_int
      call $optional_index
      local.tee $handle
      i32.eqz
      br_if $failed
      local.get $handle
      call $expect_optional
      local.tee $handle
      i32.eqz
      br_if $failed
      local.get $handle
    else
      i32.const 5
    end
    return
  end
  i32.const 0
)
