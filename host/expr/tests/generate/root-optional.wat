;; nodes.?late
;; 4 is {"optional": null}
(func $expression_0 (;9;) (type 0) (param $frame i32) (result i32)
  (local $handle i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_15
    local.tee $handle
    if (result i32) ;; label = @2
      local.get $handle
      call $some
    else
      i32.const 4
    end
    return
  end
  i32.const 0
)
