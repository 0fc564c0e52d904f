"""A search in NNI: compile the code, then let one of NNI's tuners try architectures of it, two trials at a time.

pip install 'nascompile[nni]' scikit-learn
python nni_experiment.py --tuner TPE --trials 8 --output best.json -- --steps 300
nascompile trial.py --mode fixed --arch best.json -o best.py
"""

import argparse
import json
import os
import shlex
import signal
import socket
import sys
import time

import nascompile

HERE = os.path.dirname(os.path.abspath(__file__))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", default=HERE, metavar="FOLDER", help="the trial's code, if not the digits")
    parser.add_argument("--mode", default="classic", help="classic (default), enas or oneshot")
    parser.add_argument("--tuner", default="TPE", choices=["TPE", "Random", "Evolution"])
    parser.add_argument("--trials", type=int, default=8)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--port", type=int, help="of NNI's web page; any free one by default")
    parser.add_argument("--compiled", metavar="FOLDER", help="where to compile to; a temporary folder by default")
    parser.add_argument("--experiments", metavar="FOLDER", help="NNI's logs; ~/nni-experiments by default")
    parser.add_argument("--output", default="best.json", metavar="FILE", help="the best architecture of mode classic")
    parser.add_argument("arguments", nargs="*", help="the trial's own, after --")
    args = parser.parse_args(argv)

    # The hook: a mistake in an annotation ends it here, before there is an NNI manager, or any trial.
    try:
        prepared = nascompile.prepare(args.code, args.mode, args.compiled)
    except nascompile.PreparationError as error:
        sys.exit(str(error))
    size = "infinitely many" if prepared.architectures == float("inf") else f"{prepared.architectures:,}"
    print(f"{size} architectures, compiled for mode {prepared.mode}: {prepared.path}", flush=True)

    # A request to end goes the way of Ctrl-C, so that neither trials nor a manager are left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    experiment = configure(prepared, args)
    try:
        experiment.start(args.port or free_port())
        jobs = wait(experiment, prepared)
    finally:
        experiment.stop()

    if prepared.mode == "classic" and any(job.finalMetricData for job in jobs):
        best = max((job for job in jobs if job.finalMetricData), key=result)
        with open(args.output, "w", encoding="utf-8") as file:
            json.dump(prepared.architecture_of(sample(job=best)), file, indent=2)
        print(f"the best is trial {best.sequenceId} with {result(best):.4f}: {args.output}")
    sys.exit(0 if all(job.status == "SUCCEEDED" and job.finalMetricData for job in jobs) else 1)


def configure(prepared, args):
    """An experiment of the compiled folder: its trials are the user's command, in there."""
    from nni.experiment import Experiment

    experiment = Experiment("local")
    experiment.config.experiment_name = f"{os.path.basename(os.path.abspath(args.code))}, {prepared.mode}"
    experiment.config.trial_command = shlex.join([sys.executable, "trial.py", *args.arguments])
    experiment.config.trial_code_directory = prepared.path
    experiment.config.trial_concurrency = args.concurrency
    experiment.config.max_trial_number = args.trials
    experiment.config.search_space = prepared.sampled_space
    experiment.config.tuner.name = args.tuner
    experiment.config.tuner.class_args = {"optimize_mode": "maximize"}
    if args.experiments:
        experiment.config.experiment_working_directory = os.path.abspath(args.experiments)
    return experiment


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(experiment, prepared):
    """Print a line for each trial as it ends, and return them all in their order."""
    print("trial  status          result  seconds  choices", flush=True)
    shown = set()
    busy = time.monotonic()
    while True:
        status = experiment.get_status()
        jobs = sorted(experiment.list_trial_jobs(), key=lambda job: job.sequenceId)
        for job in jobs:
            if job.status not in ("WAITING", "RUNNING", "UNKNOWN") and job.trialJobId not in shown:
                shown.add(job.trialJobId)
                print(row(job, prepared, experiment), flush=True)
        if status in ("DONE", "STOPPED", "ERROR"):
            return jobs
        if len(shown) < len(jobs):
            busy = time.monotonic()
        elif time.monotonic() > busy + 60:  # NNI itself would go on forever
            sys.exit(f"no trial has run for a minute; NNI's tuner may have failed: see {logs(experiment)}")
        time.sleep(1)


def row(job, prepared, experiment):
    shown = f"{result(job):.4f}" if job.finalMetricData else "none"
    seconds = (job.endTime - job.startTime) / 1000
    words = choices(job, prepared) if job.status == "SUCCEEDED" else last_words(job, experiment)
    return f"{job.sequenceId:5}  {job.status:14}  {shown:>6}  {seconds:7.1f}  {words}"


def result(job):
    """The number that the trial ended with; of several, the one that counts."""
    data = job.finalMetricData[0].data
    return data["default"] if isinstance(data, dict) else data


def sample(job):
    """What the tuner drew for a trial."""
    return job.hyperParameters[0].parameters


def choices(job, prepared):
    """What was chosen, in short: of each layer the number of its candidate and its optional inputs; then variables."""
    if prepared.mode == "classic":
        architecture = prepared.architecture_of(sample(job))
        layers = [
            str(choice.candidates.index(architecture[block][layer]["chosen_layer"]))
            + "".join(f"+{name}" for name in architecture[block][layer]["chosen_inputs"])
            for block, layer, choice in prepared.space.layers()
        ]
    else:
        architecture, layers = sample(job), ["(its own)"]
    variables = [(key, value) for key, value in architecture.items() if not isinstance(value, dict)]
    return " ".join(layers + [f"{key.split('/')[-2]}={value}" for key, value in variables])


def logs(experiment):
    """The folder where NNI keeps what an experiment leaves."""
    return os.path.join(experiment.config.canonical_copy().experiment_working_directory, experiment.id)


def last_words(job, experiment):
    """The last line that a trial wrote to its standard error."""
    path = os.path.join(logs(experiment), "environments", "local-env", "trials", job.trialJobId, "trial.stderr")
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    return lines[-1] if lines else path


if __name__ == "__main__":
    main()
