"""Says @nni.mutable_layer(...) without meaning it: nothing here is an annotation."""; from nascompile_runtime.graph import classic as _nascompile

import nni


@nni.trace
class Net:
    """Layers are written as @nni.mutable_layer(layer_choice=[conv()], layer_output=h)."""

    usage = "@nni.get_next_parameter()"

    def build(self):
        # see also @nni.variable, and
        #"""@nni.training_update(tf=tf)"""
        print("@nni.report_final_result(0)")
        return f"@nni.{self.usage}"
