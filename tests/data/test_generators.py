"""Generated data sets: the Playground's are made as its src/dataset.ts makes them."""

from collections.abc import Callable

import numpy as np
import pytest

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset
from gradstep.data.generators.classic import moons, spiral3
from gradstep.data.generators.curves import sine, step
from gradstep.data.generators.playground import circle, gauss, multi_gauss, plane, spiral, xor
from gradstep.data.registry import GENERATED

Generator = Callable[..., Dataset]


def in_circle(points: Floats) -> Floats:
    return np.hypot(points[:, 0], points[:, 1])


def test_half_of_the_circle_lies_within_2_5_and_half_between_3_5_and_5() -> None:
    radius = in_circle(circle(0).inputs)
    assert np.count_nonzero(radius <= 2.5) == 250
    assert np.count_nonzero((radius >= 3.5) & (radius <= 5)) == 250


def test_the_class_of_a_clean_circle_says_inside() -> None:
    data = circle(0)
    assert data.class_names == ("outside", "inside")
    assert np.array_equal(data.labels, in_circle(data.inputs) < 2.5)


def test_points_of_xor_stand_at_least_0_3_from_either_axis() -> None:
    distance = np.abs(xor(0).inputs)
    assert distance.min() >= 0.3 and distance.max() <= 5.3


def test_the_class_of_a_clean_xor_says_whether_the_signs_are_the_same() -> None:
    data = xor(0)
    assert data.class_names == ("opposite", "same")
    assert np.array_equal(data.labels, data.inputs[:, 0] * data.inputs[:, 1] > 0)


@pytest.mark.parametrize("make", [circle, xor])
def test_noise_changes_classes_and_leaves_the_points_clean(make: Generator) -> None:
    clean, noisy = make(3), make(3, noise=0.5)
    assert np.array_equal(clean.inputs, noisy.inputs)
    wrong = np.count_nonzero(clean.labels != noisy.labels)
    assert 0 < wrong < len(clean.inputs) / 2


def test_the_clouds_of_gauss_grow_with_the_noise_from_variance_a_half_to_4() -> None:
    for noise, variance in ((0, 0.5), (0.25, 2.25), (0.5, 4)):
        data = gauss(0, 20_000, noise)
        upper = data.inputs[data.labels == 1]
        assert np.allclose(upper.mean(axis=0), 2, atol=0.1)
        assert np.allclose(upper.var(axis=0), variance, rtol=0.05)


def test_a_clean_spiral_lies_on_its_two_arms() -> None:
    data = spiral(0)
    assert data.labels is not None
    radius = in_circle(data.inputs)
    angle = 1.75 * 2 * np.pi * radius / 5 + np.where(data.labels == 1, 0, np.pi)
    assert np.allclose(data.inputs, radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]))


def test_the_noise_of_the_spiral_moves_each_coordinate_by_up_to_that_much() -> None:
    moved = np.abs(spiral(0, noise=0.5).inputs - spiral(0).inputs)
    assert 0.4 < moved.max() <= 0.5


def test_the_plane_is_a_tenth_of_the_sum() -> None:
    data = plane(0)
    assert data.targets is not None and np.allclose(data.targets[:, 0], data.inputs.sum(axis=1) / 10)
    assert 5.9 < np.abs(data.inputs).max() <= 6


def test_multi_gauss_has_three_hills_and_three_hollows_that_reach_2_far() -> None:
    data = multi_gauss(0, 5000)
    assert data.targets is not None
    centres = np.array([[x, y] for y in (2.5, -2.5) for x in (-4, 0, 4)])
    distance = np.linalg.norm(data.inputs[:, None] - centres, axis=2)
    expected = np.clip(1 - distance.min(axis=1) / 2, 0, 1) * np.array([1, -1, 1, -1, 1, -1])[distance.argmin(axis=1)]
    assert np.allclose(data.targets[:, 0], expected)


def test_moons_are_two_half_circles() -> None:
    data = moons(0)
    assert np.allclose(np.hypot(*data.inputs[data.labels == 0].T), 1)
    assert np.allclose(np.hypot(*(data.inputs[data.labels == 1] - [1, 0.5]).T), 1)


def test_the_arms_of_spiral3_turn_4_radians_each_from_the_origin_to_radius_1() -> None:
    data = spiral3(0)
    for arm in range(3):
        points = data.inputs[data.labels == arm]
        radius = in_circle(points)
        assert len(points) == 100 and np.allclose(radius, np.linspace(0, 1, 100))
        angle = np.linspace(4 * arm, 4 * (arm + 1), 100)
        assert np.allclose(points, radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]))


def test_the_noise_of_spiral3_is_the_deviation_of_the_angle() -> None:
    clean, noisy = (spiral3(0, 30_000, noise).inputs[30:] @ [1, 1j] for noise in (0, 0.2))
    assert np.isclose(np.angle(noisy / clean).std(), 0.2, rtol=0.02)


@pytest.mark.parametrize(("make", "f"), [(sine, np.sin), (step, lambda x: np.where(x < 0, -1, 1))])
def test_a_curve_is_its_formula_and_noise_a_deviation_of_what_is_measured(
    make: Generator, f: Callable[[Floats], Floats]
) -> None:
    clean, noisy = make(0, 20_000), make(0, 20_000, noise=0.3)
    assert clean.targets is not None and noisy.targets is not None
    assert np.allclose(clean.targets, f(clean.inputs)) and np.array_equal(clean.inputs, noisy.inputs)
    assert np.isclose((noisy.targets - clean.targets).std(), 0.3, rtol=0.05)


@pytest.mark.parametrize("make", GENERATED.values())
def test_every_set_follows_its_seed_and_has_the_requested_number_of_points(make: Generator) -> None:
    assert np.array_equal(make(1).inputs, make(1).inputs)
    assert not np.array_equal(make(1, noise=0.3).inputs, make(2, noise=0.3).inputs)
    assert len(make(0, 11).inputs) == 11
