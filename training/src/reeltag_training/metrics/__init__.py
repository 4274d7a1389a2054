"""Figures by their exact definitions. Tied scores count as the mean over every order of the tied: no order is lucky."""
