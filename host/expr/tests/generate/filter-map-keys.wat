;; m.filter(k, k != 'a')
;; 4 is {"string": "a"}
(func $expression_0 (;18;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $range i32) (local $count i32) (local $done i32) (local $mark i32) (local $result i32) (local $element i32)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_11
    local.tee $handle
    i32.eqz
    if ;; label = @2
      call $fail_absent
      br $failed
    end
    local.get $handle
    local.tee $range
    call $range
    local.tee $count
    i32.const 0
    i32.lt_s
    br_if $failed
    i32.const 0
    call $list_new
    local.set $result
    i32.const 0
    local.set $done
    call $mark
    local.set $mark
    block $end
      loop $again
        local.get $done
        local.get $count
        i32.ge_u
        br_if $end
        i32.const 4
        call $charge
        i32.eqz
        br_if $failed
        local.get $range
        local.get $done
        call $element
        local.set $element
        block $next
          local.get $element
          i32.const 4
          call $not_equal
          local.tee $handle
          i32.eqz
          br_if $failed
          local.get $handle
          i32.const 3
          i32.eq
          i32.eqz
          br_if $next
          local.get $result
          local.get $element
          call $list_push
        end
        local.get $mark
        call $release
        local.get $done
        i32.const 1
        i32.add
        local.set $done
        br $again
      end
    end
    local.get $result
    call $list_done
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
