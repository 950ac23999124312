;; nothing
;; 4 is {"string": "expr.unknown_name"}
;; 5 is {"string": "unknown name `nothing`"}
(func $expression_0 (;7;) (type 0) (param $frame i32) (result i32)
  block $failed
    i32.const 1
    call $begin
    i32.eqz
    br_if $failed
    i32.const 4
    i32.const 5
    call $fail
    br $failed
  end
  i32.const 0
)
