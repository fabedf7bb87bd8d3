"""The built-in data sets."""

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.registry import BUILT_IN, MEASURED, load_built_in


def test_digits_are_1797_images_of_8_by_8_in_ten_classes() -> None:
    digits = load_built_in("digits", 0)
    assert digits.inputs.shape == (1797, 64) and digits.image_shape == (8, 8)
    assert digits.class_names == tuple("0123456789")
    assert (digits.inputs.min(), digits.inputs.max()) == (0, 16)


def test_the_first_digit_is_a_nought() -> None:
    digits = load_built_in("digits", 0)
    assert digits.labels is not None and digits.labels[0] == 0
    # scikit-learn's documentation of load_digits shows this image: load_digits().images[0]
    assert digits.inputs[0].reshape(8, 8)[:2].tolist() == [[0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0]]


def test_digits_have_as_many_of_each_as_uci_counts() -> None:
    # optdigits.names, "Class distribution", testing part
    labels = load_built_in("digits", 0).labels
    assert labels is not None
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_iris_are_150_flowers_with_names_and_units() -> None:
    iris = load_built_in("iris", 0)
    assert iris.inputs.shape == (150, 4)
    assert iris.class_names == ("setosa", "versicolor", "virginica")
    assert iris.feature_names == ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    # iris.names, summary statistics: the means
    assert iris.inputs.mean(axis=0).round(2).tolist() == [5.84, 3.06, 3.76, 1.2]


@pytest.mark.parametrize("name", ["digits", "iris"])
def test_the_source_and_its_licence_are_named(name: str) -> None:
    source = load_built_in(name, 0).source
    assert "UCI" in source and source.endswith("CC BY 4.0")


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_set_is_called_as_it_is_asked_for(name: str) -> None:
    assert load_built_in(name, 0).name == name


@pytest.mark.parametrize("name", MEASURED)
def test_a_measured_set_takes_no_noise(name: str) -> None:
    with pytest.raises(
        GradstepError, match=rf"^noise = 0\.3: only circle, xor, .* with noise, and {name} is measured$"
    ):
        load_built_in(name, 0, noise=0.3)


@pytest.mark.parametrize("noise", [-0.1, 0.6, float("nan")])
@pytest.mark.parametrize("name", ["gauss", "digits"])
def test_more_noise_than_there_can_be_is_an_error(name: str, noise: float) -> None:
    with pytest.raises(GradstepError, match=rf"^noise = {noise}: must be a number from 0 to 0\.5$"):
        load_built_in(name, 0, noise)


def test_an_unknown_set_is_an_error_with_the_nearest_and_the_list() -> None:
    with pytest.raises(GradstepError) as error:
        load_built_in("digts", 0)
    assert str(error.value) == (
        'no data set is called "digts": it must be "circle", "xor", "gauss", "spiral", "plane", "multi_gauss", '
        '"moons", "spiral3", "sine", "step", "digits" or "iris"; did you mean "digits"?'
    )
