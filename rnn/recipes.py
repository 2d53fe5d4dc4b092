"""Recipes: everything that decides a trained network except the data and the seed of its random streams.

Each field is also a command-line flag, a field of the form in Prefect's UI, and a line of the run's manifest.
"""

from pydantic import BaseModel, ConfigDict, Field

from rnn.learning import Rule


class ArticleRecipe(BaseModel):
    """The article's formulation x → y: an Elman network on raw values, one plain gradient step a window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lr: float = Field(0.023, gt=0, le=10, description="Learning rate of plain gradient descent.")
    epochs: int = Field(50, ge=1, le=1_000_000, description="Passes over the series.")
    hidden: int = Field(20, ge=1, le=4096, description="Number of tanh units.")
    window: int = Field(5, ge=1, le=1000, description="Neighbouring groups learned from together.")
    rule: Rule = Field(
        "earliest",
        description="Learning rule: 'earliest' applies the gradient of a window's first step only, as the article's "
        "program does; 'bptt' sums over the window.",
    )


class UntunedRecipe(ArticleRecipe):
    """The same network as the article first tried it, before the learning rate was tuned by hand."""

    lr: float = Field(0.0005, gt=0, le=10, description="Learning rate of plain gradient descent.")
    epochs: int = Field(300, ge=1, le=1_000_000, description="Passes over the series.")
