;; i / j > 1 && b
(func $expression_0 (;17;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $right i64) (local $left i64) (local $result i64) (local $answer i32) (local $erred i32)
  block $failed
    i32.const 7
    call $begin
    i32.eqz
    br_if $failed
    block $decided
      block $joined
        block $left_failed
          local.get $frame
          call $root_0
          local.tee $handle
          i32.eqz
          if ;; label = @5
            call $fail_absent
            br $left_failed
          end
          local.get $handle
          i32.const 1
          call $expect
          i32.eqz
          br_if $left_failed
          local.get $handle
          call $unbox_int
          local.get $frame
          call $root_1
          local.tee $handle
          i32.eqz
          if ;; label = @5
            call $fail_absent
            br $left_failed
          end
          local.get $handle
          i32.const 1
          call $expect
          i32.eqz
          br_if $left_failed
          local.get $handle
          call $unbox_int
          local.set $right
          local.set $left
          local.get $right
          i64.eqz
          local.get $left
          i64.const -9223372036854775808
          i64.eq
          local.get $right
          i64.const -1
          i64.eq
          i32.and
          i32.or
          if ;; label = @5
            local.get $left
            call $box_int
            local.get $right
            call $box_int
            call $divide
            drop
            br $left_failed
          end
          local.get $left
          local.get $right
          i64.div_s
          i64.const 1
          i64.gt_s
          local.tee $answer
          i32.eqz
          br_if $decided
          i32.const 0
          local.set $erred
          br $joined
        end
        i32.const 0
        call $hold
        i32.eqz
        br_if $failed
        i32.const 1
        local.set $erred
      end
      block $right_failed
        local.get $frame
        call $root_6
        local.tee $handle
        i32.eqz
        if ;; label = @4
          call $fail_absent
          br $right_failed
        end
        local.get $handle
        i32.const 0
        call $expect
        i32.eqz
        br_if $right_failed
        local.get $handle
        i32.const 3
        i32.eq
        local.tee $answer
        i32.eqz
        br_if $decided
        local.get $erred
        i32.eqz
        br_if $decided
      end
      local.get $erred
      if ;; label = @3
        i32.const 0
        call $rethrow
      end
      br $failed
    end
    local.get $answer
    i32.const 2
    i32.add
    return
  end
  i32.const 0
)
