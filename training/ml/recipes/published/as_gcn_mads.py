"""AS-GCN on four classes of MADS, from weights of NTU RGB+D."""

from training.ml.augment.pipeline import Pipeline
from training.ml.fit.recipe import Bodies, Data, FitRecipe
from training.ml.optim import SGD, MultiStep
from training.ml.recipes.published.as_gcn_ntu import XSUB
from training.ml.transfer import TransferPlan

MADS4 = FitRecipe(
    name="as_gcn_mads4",
    title="AS-GCN, four classes of MADS, from NTU RGB+D",
    source=(
        "The AS-GCN report, pieces of 5 s: 35.19 % across subjects, 94.36 % across views. Begins with a "
        "model of as_gcn_ntu5_xsub (give it by --weights): a new head, blocks 0 to 5 frozen. Joints of MADS "
        "are named as NTU's. The report's four classes have no names: these are a choice. True skeletons "
        "know no views, and no subjects without a subjects.csv: whole sequences are tested. Without videos "
        "beside them, --option fps=N says how many poses a second they are."
    ),
    network="as_gcn",
    options={"graph": "ntu25"},
    data=Data(
        reader="mads_skeletons",
        protocol="cross-group-1-of-3",
        classes=("HipHop", "Jazz", "Sports", "Taichi"),
    ),
    sees=Bodies(graph="ntu25", frames=300, people=2, pipeline=Pipeline("whole")),
    optimizer=SGD(rate=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4),
    schedule=MultiStep(after=(50, 70, 90)),
    transfer=TransferPlan(freeze_until="class_layer_5"),
    epochs=XSUB.epochs,
    batch=32,
    accumulate=8,
)
RECIPES = (MADS4,)
