"""国家不动产登记信息管理基础平台: every recording is reported there, one message per case and unit."""
