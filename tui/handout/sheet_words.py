"""The words of a worksheet in English and Russian; the formulas and numbers are the ledger's."""

from dataclasses import dataclass

from gradstep.data.course.language import Language


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words in one language; `{…}` is filled in. `steps` are the titles of the micro-steps, by the key's kind."""

    title: str
    answers_title: str
    seed: str
    name_line: str
    task: str
    rounding: str
    notation: str
    network: str
    dashed: str
    inputs: str
    layer: str
    learning_rate: str
    others: str
    others_of_loss: str
    frozen: str
    memory: str
    neuron: str
    phases: dict[str, str]
    steps: dict[str, str]
    of_layer: str
    line_words: dict[str, str]


ENGLISH = SheetWords(
    title="Worksheet: one update by hand",
    answers_title="Answers",
    seed="sheet {seed}",
    name_line="Name: {working}   Date: {blank}",
    task="Compute one step of learning for this network: forward, then backward, then the new weights. Fill in what is "
    "missing, from the top to the bottom.",
    rounding="Write each result with {digits} significant digits (0.61734, −0.048291) and calculate on with it. The "
    "last two digits may differ from the answers: that is rounding, and right.",
    notation="x: input. y: target. ŷ: output. z: weighted sum. a = f(z): activation. E: loss of the example. "
    "δ = ∂E/∂z. α: learning rate. θ: any weight or bias, g its gradient. The weight w₁₂ leads to neuron 1, from neuron "
    "or input 2 of the layer before.",
    network="The network before the update, with the inputs and the targets.",
    dashed="Dashed: weights below 0.",
    inputs="inputs",
    layer="layer",
    learning_rate="learning rate",
    others="The gradients of the other {count} examples of the batch are given: their sum is",
    others_of_loss="The losses of the other {count} examples of the batch are given: their sum is",
    frozen="The biases are frozen: they stay as they are.",
    memory="What the optimizer remembers is 0 before the first update.",
    neuron="neuron",
    phases={
        "forward": "Forward",
        "loss": "Loss",
        "backward": "Backward",
        "update": "Update",
        "check": "Check: forward again",
    },
    steps={
        "z": "the weighted sum",
        "a": "the activation",
        "shift": "softmax: subtract the largest z",
        "exp": "softmax: the powers of e",
        "sum": "softmax: add them up",
        "loss": "the loss of the example",
        "mean": "the mean over the batch",
        "δ": "δ",
        "∂": "the gradient",
        "paths": "add up the paths that come back",
        "penalty": "with the gradient of the l1/l2 term",
        "new": "the new weights and biases",
        "again": "the outputs and E with the new weights: did E fall?",
        "check": "the loss of the batch with the new weights",
    },
    of_layer="layer {layer}: {step}",
    line_words={},
)

RUSSIAN = SheetWords(
    title="Рабочий лист: один шаг обучения вручную",
    answers_title="Ответы",
    seed="вариант {seed}",
    name_line="Имя: {working}   Дата: {blank}",
    task="Вычислите один шаг обучения этой сети: прямой проход, обратный проход и новые веса. Заполняйте пропуски по "
    "порядку, сверху вниз.",
    rounding="Записывайте каждый результат с {digits} значащими цифрами (0.61734, −0.048291) и считайте дальше с ним. "
    "Последние две цифры могут отличаться от ответов: это округление, не ошибка.",
    notation="x: вход. y: правильный ответ. ŷ: выход. z: взвешенная сумма. a = f(z): активация. E: функция потерь на "
    "примере. δ = ∂E/∂z. α: скорость обучения. θ: любой вес или смещение, g: его градиент. Вес w₁₂ ведёт к нейрону 1 "
    "от нейрона или входа 2 предыдущего слоя.",
    network="Сеть до обновления весов, со входами и правильными ответами.",
    dashed="Пунктир: отрицательные веса.",
    inputs="входы",
    layer="слой",
    learning_rate="скорость обучения",
    others="Сумма градиентов остальных примеров батча ({count}) дана:",
    others_of_loss="Сумма функций потерь остальных примеров батча ({count}) дана:",
    frozen="Смещения заморожены: они не меняются.",
    memory="До первого обновления всё, что помнит оптимизатор, равно 0.",
    neuron="нейрон",
    phases={
        "forward": "Прямой проход",
        "loss": "Функция потерь",
        "backward": "Обратный проход",
        "update": "Обновление весов",
        "check": "Проверка: ещё раз прямой проход",
    },
    steps={
        "z": "взвешенная сумма",
        "a": "активация",
        "shift": "софтмакс: вычесть наибольшее z",
        "exp": "софтмакс: степени числа e",
        "sum": "софтмакс: сложить их",
        "loss": "функция потерь на примере",
        "mean": "среднее по батчу",
        "δ": "δ",
        "∂": "градиент",
        "paths": "сложить пути, по которым возвращается ошибка",
        "penalty": "с градиентом слагаемого l1/l2",
        "new": "новые веса и смещения",
        "again": "выходы и E с новыми весами: стало ли E меньше?",
        "check": "функция потерь на батче с новыми весами",
    },
    of_layer="слой {layer}: {step}",
    line_words={" if ": " если ", ", else ": ", иначе ", ", over K outputs": ", K выходов", ", where ": ", где "},
)

WORDS: dict[Language, SheetWords] = {"en": ENGLISH, "ru": RUSSIAN}
