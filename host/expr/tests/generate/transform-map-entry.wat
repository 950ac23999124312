;; m.transformMapEntry(k, n, {k: n})
(func $expression_0 (;21;) (type 0) (param $frame i32) (result i32)
  (local $handle i32) (local $range i32) (local $count i32) (local $done i32) (local $mark i32) (local $result i32) (local $entry_key i32) (local $entry_value i64) (local $map i32)
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
    call $map_new
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
        call $entry_key
        local.set $entry_key
        local.get $range
        local.get $done
        call $entry_value
        call $unbox_int
        local.set $entry_value
        local.get $result
        i32.const 1
        call $map_new
        local.tee $map
        local.get $entry_key
        local.get $entry_value
        call $box_int
        call $map_put
        i32.eqz
        br_if $failed
        local.get $map
        call $map_done
        local.tee $handle
        i32.eqz
        br_if $failed
        local.get $handle
        call $map_merge
        i32.eqz
        br_if $failed
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
    call $map_done
    local.tee $handle
    i32.eqz
    br_if $failed
    local.get $handle
    return
  end
  i32.const 0
)
