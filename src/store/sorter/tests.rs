use super::*;
use proptest::prelude::*;

impl Sortable for (String, i64, u32) {
    fn key(&self, into: &mut Vec<u8>) {
        text_key(&self.0, into);
        number_key(self.1, into);
    }
}

fn items() -> impl Strategy<Value = Vec<(String, i64, u32)>> {
    let item = ("[a\u{0}\u{1}é]{0,3}", -2_i64..3);
    let numbered = |items: Vec<(String, i64)>| {
        items.into_iter().zip(0..).map(|((text, n), at)| (text, n, at)).collect()
    };
    proptest::collection::vec(item, 0..200).prop_map(numbered)
}

proptest! {
    #[test]
    fn spilled_equals_sorted_in_memory(items in items(), budget in 1usize..4000) {
        let filled = |mut sorter: Sorter<_>| {
            for item in &items {
                sorter.push(item).unwrap();
            }
            sorter.sorted().unwrap()
        };
        let sorted = || filled(Sorter::new(budget, &std::env::temp_dir()));
        // The third field is no part of the key: equal items keep the order they came in.
        let mut expected = items.clone();
        expected.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let got: Vec<_> = sorted().map(Result::unwrap).collect();
        prop_assert_eq!(&got, &expected);
        let beside = filled(Sorter::new(budget, &std::env::temp_dir()).beside());
        prop_assert_eq!(&beside.map(Result::unwrap).collect::<Vec<_>>(), &expected);
        let mut batches = sorted();
        let mut got = Vec::new();
        while let Some(batch) = batches.batch(40, text_of_key).unwrap() {
            let part: Vec<_> = batch.items().map(Result::unwrap).collect();
            prop_assert!(got.last().is_none_or(|l: &(String, _, _)| l.0 != part[0].0));
            got.extend(part);
        }
        prop_assert_eq!(&got, &expected);
    }
}
