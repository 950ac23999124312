//! What a manifest adds, and what is wrong with it.

use crate::made::{TYPES, component_with};
use expect_test::expect;
use loomwork_catalog::{Package, palette};

fn wit() -> String {
    "package acme:mail@0.3.0;
        interface mail {
            use loom:types/types@0.1.0.{json};
            record address { name: option<string>, mail-box: string }
            /// Sends one message.
            send: func(to: address, body-text: string, password: string, extra: json) -> result<string, string>;
            boxes: func() -> list<string>;
        }
        world w { import loom:host/http@0.1.0; export mail; }
package loom:host@0.1.0 { interface http { get: func(url: string) -> string; } }"
        .to_string()
        + TYPES
}

fn read(manifest: &str) -> Result<Package, String> {
    Package::read(&component_with(&wit(), Some(manifest))).map_err(|wrong| format!("{}: {wrong}", wrong.code()))
}

#[test]
fn a_manifest_adds_words_effects_hints_and_examples() {
    let package = read(
        r#"
        [package]
        id = "acme:post"
        title = "Post"
        summary = "Send mail"
        icon = "mail"
        category = "Talk"
        reuse = 50

        [capabilities."loom:host/http"]
        reason = "It talks to the mail service."

        [functions."mail#send"]
        title = "Send a message"
        effect = "write"
        once = true
        fields.body-text.multiline = true
        fields.password.secret = true
        fields.extra.code = "json"
        fields.to.choices = "mail#boxes"

        [[functions."mail#send".examples]]
        title = "To one person"
        input = { to = { mail_box = "a@example.org" }, body_text = "Hello", password = "mail", extra = { a = [1] } }
        output = "id-1"

        [functions."mail#boxes"]
        effect = "read"
        category = "Look"
        "#,
    )
    .expect("a good manifest");
    expect![[r#"
        acme:post  Post
          Send mail
          mail#send  [write, once]
            send: func(to: address, body-text: string, password: string, extra: json) -> result<string, string>
            Sends one message
          mail#boxes  [read]
            boxes: func() -> list<string>
          needs loom:host/http@0.1.0: It talks to the mail service.
    "#]]
    .assert_eq(&palette(&package));
    let send = package.function("mail#send").expect("exported");
    expect![[r#"
        (
            [
                FieldHint {
                    param: "body_text",
                    multiline: true,
                    secret: false,
                    code: None,
                    choices: None,
                },
                FieldHint {
                    param: "extra",
                    multiline: false,
                    secret: false,
                    code: Some(
                        Code(
                            "json",
                        ),
                    ),
                    choices: None,
                },
                FieldHint {
                    param: "password",
                    multiline: false,
                    secret: true,
                    code: None,
                    choices: None,
                },
                FieldHint {
                    param: "to",
                    multiline: false,
                    secret: false,
                    code: None,
                    choices: Some(
                        Choices(
                            "mail#boxes",
                        ),
                    ),
                },
            ],
            [
                Example {
                    title: "To one person",
                    input: "{\"to\":{\"name\":null,\"mail_box\":\"a@example.org\"},\"body_text\":\"Hello\",\"password\":\"mail\",\"extra\":{\"a\":[1]}}",
                    output: Some(
                        "\"id-1\"",
                    ),
                },
            ],
            "Talk",
            Some(
                "mail",
            ),
            "Send a message",
        )
    "#]].assert_debug_eq(&(&send.fields, &send.examples, &send.category, &send.icon, &send.title));
    assert_eq!((package.reuse, &*package.category, package.icon.as_deref()), (50, "Talk", Some("mail")));
    assert_eq!(&*package.function("mail#boxes").expect("exported").category, "Look");
}

#[test]
fn wrong_manifests_say_what_to_mend() {
    let manifests = [
        "[package",
        "[package]\ntitel = \"x\"",
        "[package]\nid = \"mail\"",
        "[package]\nid = \"acme:mail@one\"",
        "[package]\nreuse = -1",
        "[functions.\"mail#sent\"]\ntitle = \"x\"",
        "[functions.\"mail#send\"]\neffect = \"reads\"",
        "[functions.\"mail#send\"]\neffect = \"read\"\nonce = true",
        "[functions.\"mail#send\"]\nfields.bodytext.multiline = true",
        "[functions.\"mail#send\"]\nfields.to.choices = \"mail#nothing\"",
        "[functions.\"mail#send\"]\nfields.to.colour = \"red\"",
        "[capabilities.\"loom:host/kv\"]\nreason = \"none\"",
        "[[functions.\"mail#boxes\".examples]]\ntitle = \"x\"\ninput = { a = 1 }",
        "[[functions.\"mail#boxes\".examples]]\ntitle = \"x\"\ninput = {}\noutput = [1]",
        "[[functions.\"mail#boxes\".examples]]\ntitle = \"x\"",
    ];
    let lines: String = manifests.iter().map(|text| read(text).expect_err(text) + "\n").collect();
    expect![[r#"
        package.manifest: the component's manifest is not valid: line 1: unclosed table, expected `]`
        package.manifest: the component's manifest is not valid: line 2: unknown field `titel`, expected one of `id`, `title`, `summary`, `icon`, `category`, `reuse`
        package.manifest: the component's manifest is not valid: `mail` is no package id; write `namespace:name` or `namespace:name@1.2.3`
        package.manifest: the component's manifest is not valid: `acme:mail@one` is no package id; write `namespace:name` or `namespace:name@1.2.3`
        package.manifest: the component's manifest is not valid: line 2: invalid value: integer `-1`, expected u32
        package.manifest: the component's manifest is not valid: the component has no function `mail#sent`; did you mean `mail#send`?
        package.manifest: the component's manifest is not valid: line 2: unknown variant `reads`, expected one of `pure`, `read`, `write`
        package.manifest: the component's manifest is not valid: function `mail#send`: `once` belongs to `effect = "write"`
        package.manifest: the component's manifest is not valid: function `mail#send` has no parameter `bodytext`; did you mean `body-text`?
        package.manifest: the component's manifest is not valid: function `mail#send`: choices name `mail#nothing`, which the component does not export
        package.manifest: the component's manifest is not valid: line 2: unknown field `colour`, expected one of `multiline`, `secret`, `code`, `choices`
        package.manifest: the component's manifest is not valid: the component does not import `loom:host/kv`, so it needs no reason
        package.manifest: the component's manifest is not valid: function `mail#boxes`: example `x`: its input is wrong: there is no field `a`
        package.manifest: the component's manifest is not valid: function `mail#boxes`: example `x`: its output is wrong: expected text, found a number at $[0]
        package.manifest: the component's manifest is not valid: line 1: missing field `input`
    "#]].assert_eq(&lines);
}

#[test]
fn effects_that_the_host_cannot_hold_are_refused() {
    let wit = "package acme:net@0.1.0;
        interface net { open: func(to: string); }
        world w { import wasi:sockets/tcp@0.2.6; export net; }
package wasi:sockets@0.2.6 { interface tcp { connect: func(to: string); } }";
    let wrong = |effect: &str| {
        let manifest = format!("[functions.\"net#open\"]\neffect = \"{effect}\"");
        Package::read(&component_with(wit, Some(&manifest))).map(|_| ()).map_err(|wrong| wrong.to_string())
    };
    let reason = "the component's manifest is not valid: function `net#open`: the host cannot hold `wasi:sockets/tcp@0.2.6` to reading, so its effect is `write`";
    assert_eq!(wrong("read"), Err(reason.to_string()));
    assert_eq!(wrong("pure"), Err(reason.to_string()));
    assert_eq!(wrong("write"), Ok(()));
}

#[test]
fn a_manifest_that_is_no_text_is_refused() {
    let mut bytes = component_with(&wit(), None);
    crate::made::append(&mut bytes, "loomwork:node", b"\xff");
    assert_eq!(Package::read(&bytes).expect_err("not UTF-8").code(), "package.manifest");
    let mut bytes = component_with(&wit(), None);
    crate::made::append(&mut bytes, "loomwork:node", &vec![b' '; 2 << 20]);
    assert_eq!(Package::read(&bytes).expect_err("too long").code(), "package.manifest");
}
