from artifacts.reports.pipeline_run import read_pipeline_run


def test_all_contents_come_back_from_the_steps_folders(same, run, parts):
    data, forecast = parts[""]
    models = {recipe: parts[f"models/{recipe}"][0].folder for recipe in run.recipes}
    assert same(read_pipeline_run(data.folder, models, forecast.folder, run.recipes), run)
