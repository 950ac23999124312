//! A component as others write them: its own WIT, `wit-bindgen`, and nothing of Loomwork.

wit_bindgen::generate!({ path: "wit", world: "shop" });

use exports::acme::pricing::pricing::{Currency, Discount, Guest as Pricing, Line, Money, Perks, Problem, Quote};

struct Shop;
export!(Shop);

impl Guest for Shop {
    fn about() -> (String, u32) {
        (env!("CARGO_PKG_VERSION").to_owned(), 3)
    }
}

impl Pricing for Shop {
    fn price(lines: Vec<Line>, perks: Perks, coupon: Discount) -> Result<Quote, Problem> {
        let currency = lines.first().ok_or(Problem::EmptyOrder)?.unit_price.currency;
        let mut net: i64 = 0;
        for line in &lines {
            if line.unit_price.currency != currency {
                return Err(Problem::MixedCurrencies((currency, line.unit_price.currency)));
            }
            let price = line.unit_price.cents.checked_mul(i64::from(line.quantity)).ok_or(Problem::Overflow)?;
            net = net.checked_add(price).ok_or(Problem::Overflow)?;
        }
        let perk = Discount::Percent(percent(perks));
        let applied = if off(&coupon, net) >= off(&perk, net) { coupon } else { perk };
        let off = off(&applied, net);
        let money = |cents| Money { cents, currency };
        Ok(Quote { net: money(net), discount: money(off), total: money(net - off), applied })
    }

    fn convert(amount: Money, to: Currency, rate: f64) -> Option<Money> {
        let cents = (amount.cents as f64 * rate).round();
        (rate > 0.0 && cents.abs() < 9e15).then_some(Money { cents: cents as i64, currency: to })
    }

    fn show(amount: Money) -> String {
        let sign = if amount.cents < 0 { "-" } else { "" };
        let cents = amount.cents.unsigned_abs();
        format!("{sign}{}.{:02} {}", cents / 100, cents % 100, code(amount.currency))
    }
}

fn percent(perks: Perks) -> u8 {
    [(Perks::MEMBER, 10), (Perks::NEWSLETTER, 2), (Perks::FIRST_ORDER, 5)]
        .iter()
        .filter(|(perk, _)| perks.contains(*perk))
        .map(|(_, percent)| percent)
        .sum()
}

/// What a discount takes off, never more than there is.
fn off(discount: &Discount, net: i64) -> i64 {
    match discount {
        Discount::None => 0,
        Discount::Percent(percent) => (i128::from(net) * i128::from((*percent).min(100)) / 100) as i64,
        Discount::Fixed(money) => money.cents.clamp(0, net.max(0)),
    }
}

fn code(currency: Currency) -> &'static str {
    match currency {
        Currency::Eur => "EUR",
        Currency::Usd => "USD",
        Currency::Gbp => "GBP",
    }
}
