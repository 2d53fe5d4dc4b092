"""Step 5: the pictures."""

from artifacts.cache import Entry
from artifacts.contents import read_contents
from artifacts.pictures import pictures
from rnn.recipes import ArticleRecipe
from tasks.steps import cache_of, made_by, step


@step(name="draw", task_run_name="draw the pictures")
def draw(
    store: str, data: Entry, models: dict[str, Entry], forecast: Entry, recipes: dict[str, ArticleRecipe]
) -> Entry:
    """Draw all pictures of the run."""
    folders = {name: entry.folder for name, entry in models.items()}
    run = read_contents(data.folder, folders, forecast.folder, recipes)
    with cache_of(store).filling(made_by()) as folder:
        for picture in pictures(run):
            picture.draw(folder / picture.name)
    return folder.entry
