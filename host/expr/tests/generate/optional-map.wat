;; x.?total.optMap(n, [n])
;; 4 is {"string": "total"}
;; 5 is {"optional": null}
(func $expression_0 (;16;) (type 0) (param $frame i32) (result i32)
  (local $optional i32) (local $handle i32) (local $presence i32) (local $bound i32) (local $list i32)
  block $failed
    i32.const 5
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
      local.set $bound
      i32.const 1
      call $list_new
      local.tee $list
      local.get $bound
      call $list_push
      local.get $list
      call $list_done
      local.tee $handle
      i32.eqz
      br_if $failed
      local.get $handle
      call $some
    else
      i32.const 5
    end
    return
  end
  i32.const 0
)
