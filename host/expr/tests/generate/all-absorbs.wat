;; l.all(n, 10 / n > 0)
(func $expression_0 (;19;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $range i32) (local $count i32) (local $done i32) (local $mark i32) (local $result i32) (local $erred i32) (local $element i64) (local $result2 i64)
  block $failed
    i32.const 2
    call $begin
    i32.eqz
    br_if $failed
    local.get $frame
    call $root_10
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
          i32.const 6
          call $charge
          i32.eqz
          br_if $failed
          local.get $range
          local.get $done
          call $element
          call $unbox_int
          local.set $element
          block $next
            block $element_failed
              local.get $element
              i64.eqz
              i64.const 10
              i64.const -9223372036854775808
              i64.eq
              local.get $element
              i64.const -1
              i64.eq
              i32.and
              i32.or
              if ;; label = @7
                i64.const 10
                call $box_int
                local.get $element
                call $box_int
                call $divide
                drop
                br $element_failed
              end
              i64.const 10
              local.get $element
              i64.div_s
              i64.const 0
              i64.gt_s
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
