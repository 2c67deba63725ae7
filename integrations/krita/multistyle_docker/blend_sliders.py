"""The sliders of a blend: styles that were chosen, and how much of each."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_CHOOSE = "Add a style …"


class BlendSliders(QWidget):
    """A slider a style; a box adds one, the cross beside takes it away."""

    def __init__(self, parent=None):
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._styles = QComboBox()
        self._styles.setAccessibleName("Styles")
        self._styles.activated[str].connect(self._choose)
        layout.addWidget(self._styles)
        self._rows = QGridLayout()
        layout.addLayout(self._rows)
        self._sliders = {}

    def offer(self, styles):
        """Offers styles, a dict name -> its credit; others go."""
        self._styles.clear()
        self._styles.addItem(_CHOOSE)
        for name, shown in styles.items():
            self._styles.addItem(name)
            index = self._styles.count() - 1
            self._styles.setItemData(index, shown, Qt.ToolTipRole)
        for name in set(self._sliders) - set(styles):
            self._remove(name)

    def set_weight(self, name, weight):
        """Moves the slider of a style to 0 to 100; adds it where it is none."""
        if name not in self._sliders:
            self._add(name)
        self._sliders[name][1].setValue(weight)

    def blend(self):
        """Returns the text of the blend; "" where every slider is at 0."""
        return ",".join(
            f"{name}={slider.value() / 100:g}"
            for name, (_, slider, _, _) in self._sliders.items()
            if slider.value()
        )

    def _choose(self, name):
        self._styles.setCurrentIndex(0)
        if name != _CHOOSE and name not in self._sliders:
            self.set_weight(name, 100)

    def _add(self, name):
        label, value = QLabel(name), QLabel()
        slider = QSlider(Qt.Horizontal)
        slider.setRange(0, 100)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(lambda number: value.setText(f"{number} %"))
        cross = QToolButton()
        cross.setText("×")
        cross.setToolTip(f"Take {name} away")
        cross.clicked.connect(lambda: self._remove(name))
        row = self._rows.rowCount()
        widgets = label, slider, value, cross
        for column, widget in enumerate(widgets):
            self._rows.addWidget(widget, row, column)
        self._sliders[name] = widgets

    def _remove(self, name):
        for widget in self._sliders.pop(name):
            self._rows.removeWidget(widget)
            widget.deleteLater()
