"""A model of Triton's Python backend for a pack's graphs; packages come from the virtual environment in `SITE_PACKAGES`."""

import os
import sys

# The backend's interpreter is not the environment's own.
sys.path.insert(0, os.environ["SITE_PACKAGES"])

import json  # noqa: E402

import onnxruntime  # noqa: E402
import triton_python_backend_utils as backend  # noqa: E402


class TritonPythonModel:
    def initialize(self, arguments: dict) -> None:
        graph = json.loads(arguments["model_config"])["parameters"]["graph"]["string_value"]
        self.session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])

    def execute(self, requests: list) -> list:
        return [self.answer(request) for request in requests]

    def answer(self, request):
        feeds = {one.name(): one.as_numpy() for one in request.inputs()}
        names = [output.name for output in self.session.get_outputs()]
        try:
            results = self.session.run(names, feeds)
        except Exception as problem:
            return backend.InferenceResponse([], backend.TritonError(str(problem)))
        return backend.InferenceResponse([backend.Tensor(*pair) for pair in zip(names, results)])
