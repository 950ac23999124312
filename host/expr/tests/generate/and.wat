;; b && c
(func $expression_0 (;13;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $answer i32) (local $erred i32)
  block $failed
    i32.const 3
    call $begin
    i32.eqz
    br_if $failed
    block $decided
      block $joined
        block $left_failed
          local.get $frame
          call $root_6
          local.tee $handle
          i32.eqz
          if ;; label = @5
            call $fail_absent
            br $left_failed
          end
          local.get $handle
          i32.const 0
          call $expect
          i32.eqz
          br_if $left_failed
          local.get $handle
          i32.const 3
          i32.eq
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
        call $root_7
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
