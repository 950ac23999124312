;; 'seven'
;; 4 is {"string": "seven"}
(func $expression_0 (;6;) (type 0) (param $frame i32) (result i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    i32.const 4
    return
  end
  i32.const 0
)
