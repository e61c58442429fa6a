# SPDX-License-Identifier: MIT
"""The judge of the soak sees a leak, and sees none where there is none."""

import random
import unittest

import fit


def samples(minutes: int, per_day: float, level: float = 100, noise: float = 1.0, seed: int = 7):
    dice = random.Random(seed)
    return [
        (at, level + per_day * at / 86400 + dice.gauss(0, noise))
        for at in range(0, minutes * 60, 10)
    ]


class Fit(unittest.TestCase):
    def test_knows_students_t(self):
        for freedom, value in ((5, 2.015), (10, 1.812), (30, 1.697), (1000, 1.646)):
            self.assertAlmostEqual(fit.t_95(freedom), value, delta=0.01)

    def test_sees_a_leak_over_pieces_of_different_level(self):
        found = fit.slope([samples(60, 40), samples(60, 40, level=180, seed=8)])

        self.assertAlmostEqual(found.per_day, 40, delta=15)
        self.assertGreater(found.bound, found.per_day)

    def test_a_step_between_pieces_is_no_growth(self):
        found = fit.slope([samples(60, 0), samples(60, 0, level=180, seed=8)])

        self.assertLess(abs(found.per_day), 10)
        self.assertLess(found.bound, 15)

    def test_the_bound_holds_in_about_95_of_100_runs(self):
        below = sum(fit.slope([samples(90, 8, seed=seed)]).bound >= 8 for seed in range(200))

        self.assertGreater(below, 180)

    def test_says_nothing_about_a_few_minutes(self):
        self.assertFalse(fit.slope([samples(10, 1000)]).known)
        self.assertFalse(fit.slope([]).known)

    def test_rise_is_that_of_the_medians(self):
        self.assertEqual(fit.rise([(at, 20 + (at > 5)) for at in range(12)]), 1)
        self.assertEqual(fit.rise([]), 0)


if __name__ == "__main__":
    unittest.main()
