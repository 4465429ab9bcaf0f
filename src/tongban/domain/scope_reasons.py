"""Why a matter lies outside the province-wide service (滑自然资发〔2021〕48号 四): one reason per exclusion."""

from __future__ import annotations

from tongban.domain.decision import Reason

_RANGE = "滑自然资发〔2021〕48号第四条"
_GO_HOME = "请带着同样的材料，到下面写的房产所在地登记机构去办，那里可以办。"


class ScopeReasons:
    """X01 to X16, and the wide readings a place may add (w): go to the home registry."""

    COLLECTIVE_LAND = Reason(
        "X01",
        "这是集体土地，外地窗口办不了。",
        "集体土地、宅基地的来历要查村里和当地的档案，外地查不到。",
        _RANGE,
        _GO_HOME,
    )
    FOREST = Reason(
        "X02",
        "这是林地、林木的权利，外地窗口办不了。",
        "林地的界线和林种要由当地核实。",
        _RANGE,
        _GO_HOME,
    )
    FARMLAND = Reason(
        "X03a",
        "这是国有农用地，外地窗口办不了。",
        "农用地怎么使用，要由当地核实。",
        _RANGE,
        _GO_HOME,
    )
    LAND_ONLY = Reason(
        "X03b",
        "这里只有土地使用权、没有登记房屋，外地窗口办不了。",
        "单独的土地业务要由当地核对出让和规划资料。",
        _RANGE,
        _GO_HOME,
    )
    UNFINISHED_BUILDING = Reason(
        "X04",
        "这是还在建的房屋抵押，外地窗口办不了。",
        "在建的房屋要到现场看盖到了哪里。",
        _RANGE + "；《不动产登记暂行条例》第十九条",
        _GO_HOME,
    )
    FIRST_HOUSE_REGISTRATION = Reason(
        "X05",
        "这是房屋的第一次登记，外地窗口办不了。",
        "第一次登记要到现场看房、核对测绘成果。",
        _RANGE + "；《不动产登记暂行条例》第十九条",
        _GO_HOME,
    )
    HOUSE_CANCELLATION = Reason(
        "X06",
        "这是房屋的注销登记，外地窗口办不了。",
        "房子拆了没有、是不是真的放弃，要到现场看。注销抵押、预告、异议、居住权不受影响，可以通办。",
        _RANGE + "；《不动产登记暂行条例》第十九条",
        _GO_HOME,
    )
    COMPANY_SALE = Reason(
        "X07",
        "这是单位卖房，要算土地增值税，外地窗口办不了。",
        "土地增值税要由房产所在地的税务部门核算。开发商卖新房、安置公司交房给安置户不在此列，可以通办。",
        _RANGE,
        _GO_HOME,
    )
    SHOP_SALE = Reason(
        "X08",
        "这是个人转让非住宅的房屋，要算土地增值税，外地窗口办不了。",
        "商铺、办公室这类房屋转让，税要由当地核算。继承、夫妻之间、离婚分割、送给近亲属的不在此列，可以通办。",
        _RANGE,
        _GO_HOME,
    )
    OWN_MOTION = Reason(
        "X09",
        "这是登记机构依职权办的登记，不由外地窗口申请。",
        "登记机构发现自己记错了，由它自己查明、自己办。",
        _RANGE,
        "请把您发现的问题告诉下面写的登记机构，由它查明处理。",
    )
    LEGACY_ISSUE = Reason(
        "X10",
        "这处房产还有历史遗留问题，或者还没有办过首次登记，外地窗口办不了。",
        "要先由当地把老问题理清楚。",
        _RANGE,
        _GO_HOME,
    )
    PROBLEM_PROJECT = Reason(
        "X11",
        "这个楼盘在当地的问题楼盘名单里，外地窗口办不了。",
        "要由当地专班统一处理。",
        _RANGE,
        "请找下面写的登记机构，或者当地处理问题楼盘的专班。",
    )
    NOT_SURVEYED = Reason(
        "X12",
        "这处房产还没有权籍调查和测绘的成果，外地窗口办不了。",
        "面积和界线没有测过，登记就没有根据。",
        _RANGE,
        "请先到下面写的房产所在地登记机构申请测绘，测好以后就可以通办。",
    )
    LAND_PREMIUM_UNPAID = Reason(
        "X13",
        "这是已购公房或者经济适用住房，土地价款还没有补缴，外地窗口办不了买卖过户。",
        "这类房子当年买得便宜，上市出售前要先补缴土地价款。继承、离婚分割不在此列。",
        _RANGE,
        "请先到房产所在地补缴，拿到缴款凭证以后，任何通办窗口都可以办。",
    )
    RESTRUCTURING = Reason(
        "X14",
        "这是企业改制带来的登记，外地窗口办不了。",
        "改制要核对批准文件和资产清单。单纯的改名、合并、分立不在此列。",
        _RANGE,
        _GO_HOME,
    )
    INHERITANCE_WITHOUT_DEED = Reason(
        "X15",
        "这份继承没有公证书，也没有法院的生效文书，外地窗口办不了。",
        "没有公证的继承，要由当地查明有哪些继承人，一般要所有继承人到场。",
        _RANGE,
        "可以先到任何一家公证处办继承公证，拿到公证书就能通办；或者直接到房产所在地登记机构去办。",
    )
    NEEDS_HOME_CHECK = Reason(
        "X16",
        "这件事窗口拿不准，也没能当场问清楚，要请您到房产所在地去办。",
        "外地窗口问不清楚的，不能让您一直等着，规定是告知您到属地申请。",
        "滑自然资发〔2021〕48号第五条第三项",
        "请带着同样的材料，到下面写的房产所在地登记机构去办；去之前可以先打电话。",
    )
    DEVELOPER_SALE = Reason(
        "X07w",
        "这是开发商、安置公司交房，当地定了要在当地办。",
        "当地把这类单位卖房也算作要算土地增值税的，税由当地核算。",
        _RANGE,
        _GO_HOME,
    )
    SHOP_OF_A_PERSON = Reason(
        "X08w",
        "这是个人的商铺、办公室这类非住宅房屋，当地定了要在当地办。",
        "当地要先核实这类房屋的用途和税，再办登记。",
        _RANGE,
        _GO_HOME,
    )
    INHERITANCE_BY_COURT = Reason(
        "X15w",
        "这份继承只有法院的文书、没有公证书，当地定了要在当地办。",
        "当地要先核对法院文书写的是哪处房产、由谁继承。",
        _RANGE,
        "请带着法院的生效文书，到下面写的房产所在地登记机构去办，那里可以办。",
    )
