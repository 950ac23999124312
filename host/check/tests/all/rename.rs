//! Renaming a node inside templates.

use loomwork_check::rename_in_template;

#[test]
fn a_node_is_renamed_where_an_expression_reads_it() {
    let renamed = |template: &str| rename_in_template(template, "a", "order");
    assert_eq!(renamed("{{ nodes.a.x + nodes.b.a }}"), "{{ nodes.order.x + nodes.b.a }}");
    assert_eq!(
        renamed("nodes.a is {{ nodes.a }} and {{ 'nodes.a' + nodes.?a.orValue('') }}"),
        "nodes.a is {{ nodes.order }} and {{ 'nodes.a' + nodes.?order.orValue('') }}"
    );
    assert_eq!(
        renamed("{{ has(nodes.a) ? [nodes.a, nodes.ab] : input.nodes.a }}"),
        "{{ has(nodes.order) ? [nodes.order, nodes.ab] : input.nodes.a }}"
    );
    assert_eq!(
        renamed("{{ nodes.a.list.filter(it, it.n > nodes.a.n) }}"),
        "{{ nodes.order.list.filter(it, it.n > nodes.order.n) }}"
    );
}

#[test]
fn what_cannot_be_read_stays() {
    for template in ["no braces, nodes.a", "{{ nodes.a + }}", "{{ nodes.a", "{{{{ nodes.a }}", ""] {
        assert_eq!(rename_in_template(template, "a", "b"), template);
    }
}
