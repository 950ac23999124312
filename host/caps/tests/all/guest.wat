;; Lowered by hand: each export hands its arguments to one capability and its answer back.
;; 64 is where the host writes results, 32 where this guest does.
(module
  (import "loom:host/http@0.1.0" "send"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "loom:host/kv@0.1.0" "increment" (func $increment (param i32 i32 i32 i32 i64 i32)))
  (import "loom:host/secret@0.1.0" "placeholder" (func $placeholder (param i32 i32 i32)))
  (import "loom:host/log@0.1.0" "write" (func $write (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64)
  (global $free (mut i32) (i32.const 1024))
  (data (i32.const 512) "GETx-headern")

  ;; Never gives back: an instance serves one call.
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))

  ;; A result<_, string> at 32: whether it failed, and a text.
  (func $text (param $failed i32) (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 32) (local.get $failed))
    (i32.store (i32.const 36) (local.get $at))
    (i32.store (i32.const 40) (local.get $length))
    (i32.const 32))

  (func (export "fetch") (param $url i32) (param $url_length i32) (param $header i32) (param $header_length i32) (result i32)
    ;; One header: its name and value.
    (i32.store (i32.const 128) (i32.const 515))
    (i32.store (i32.const 132) (i32.const 8))
    (i32.store (i32.const 136) (local.get $header))
    (i32.store (i32.const 140) (local.get $header_length))
    (call $send
      (i32.const 512) (i32.const 3)                      ;; method
      (local.get $url) (local.get $url_length)
      (i32.const 128) (i32.const 1)                      ;; headers
      (i32.const 0) (i32.const 0) (i32.const 0)          ;; body: empty
      (i32.const 0) (i32.const 0)                        ;; timeout: none
      (i32.const 3)                                      ;; redirects
      (i32.const 64))
    (if (result i32) (i32.load8_u (i32.const 64))
      (then (call $text (i32.const 1) (i32.load (i32.const 72)) (i32.load (i32.const 76))))
      (else (call $text (i32.const 0) (i32.load (i32.const 88)) (i32.load (i32.const 92))))))

  (func (export "count") (param $store i32) (param $length i32) (result i32)
    (call $increment (local.get $store) (local.get $length) (i32.const 523) (i32.const 1) (i64.const 1) (i32.const 64))
    (i32.store (i32.const 32) (i32.load8_u (i32.const 64)))
    (if (i32.load8_u (i32.const 64))
      (then
        (i32.store (i32.const 40) (i32.load (i32.const 76)))
        (i32.store (i32.const 44) (i32.load (i32.const 80))))
      (else (i64.store (i32.const 40) (i64.load (i32.const 72)))))
    (i32.const 32))

  (func (export "placeholder") (param $name i32) (param $length i32) (result i32)
    (call $placeholder (local.get $name) (local.get $length) (i32.const 64))
    (if (result i32) (i32.load8_u (i32.const 64))
      (then (call $text (i32.const 1) (i32.load (i32.const 72)) (i32.load (i32.const 76))))
      (else (call $text (i32.const 0) (i32.load (i32.const 68)) (i32.load (i32.const 72))))))

  (func (export "speak") (param $message i32) (param $length i32) (param $times i32)
    (loop $again
      (if (local.get $times)
        (then
          (call $write (i32.const 1) (local.get $message) (local.get $length) (i32.const 0) (i32.const 0))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again))))))
