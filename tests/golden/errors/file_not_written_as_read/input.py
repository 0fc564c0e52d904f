# coding: utf-7
"@nni.report_final_result(x)"
y = "+2AA-"
