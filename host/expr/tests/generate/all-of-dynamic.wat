;; x.all(n, n)
(func $expression_0 (;17;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $range i32) (local $count i32) (local $done i32) (local $mark i32) (local $result i32) (local $erred i32) (local $element i32)
  block $failed
    i32.const 2
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
    local.tee $range
    call $range
    local.tee $count
    i32.const 0
    i32.lt_s
    br_if $failed
    i32.const 1
    local.set $result
    i32.const 0
    local.set $done
    call $mark
    local.set $mark
    i32.const 0
    local.set $erred
    block $decided
      block $end
        loop $again
          local.get $done
          local.get $count
          i32.ge_u
          br_if $end
          i32.const 2
          call $charge
          i32.eqz
          br_if $failed
          local.get $range
          local.get $done
          call $element
          local.set $element
          block $next
            block $element_failed
              local.get $element
              local.tee $handle
              i32.const 0
              call $expect
              i32.eqz
              br_if $element_failed
              local.get $handle
              i32.const 3
              i32.eq
              br_if $next
              i32.const 0
              local.set $result
              br $decided
            end
            i32.const 0
            call $hold
            i32.eqz
            br_if $failed
            i32.const 1
            local.set $erred
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
      local.get $erred
      if ;; label = @3
        i32.const 0
        call $rethrow
        br $failed
      end
    end
    local.get $result
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
