//! Traditional to simplified characters, for the vocabulary of service desks.
//!
//! A table of our own rather than a conversion crate: the lexicons need one-to-one folding of some
//! hundreds of frequent characters, not the phrase-level conversion that carries megabytes of data.
//! A character that is not listed stays as it is: two traditional texts still compare alike.

use std::sync::LazyLock;

/// Pairs: traditional, simplified, traditional, simplified, ...
const PAIRS: &str = "\
轉转機机務务員员請请問问嗎吗幫帮為为這这個个麼么對对時时間间開开關关電电話话號号碼码單单訂订\
貨货遞递費费錢钱價价買买賣卖賬账帳账戶户網网頁页鏈链連连線线聯联繫系係系系系統统絡络聽听說说\
講讲談谈認认識识謝谢讓让還还沒没來来個个們们樣样點点現现發发發发實实驗验證证驗验誰谁誤误錯错\
後后過过進进運运達达遠远邊边選选遲迟處处據据壞坏報报場场塊块備备復复復复複复夠够導导將将專专\
尋寻層层屬属師师帶带幣币幾几張张強强當当錄录徑径從从應应態态慣惯戰战擇择換换損损搶抢擊击擔担\
數数斷断於于無无舊旧會会條条業业極极標标樓楼樂乐機机權权歡欢歲岁歷历歸归殺杀氣气決决況况洩泄\
測测滿满滅灭潔洁煩烦熱热爭争爾尔狀状獨独獲获環环產产畫画異异療疗盡尽監监盤盘確确禮礼稅税種种\
稱称穩稳積积竊窃競竞筆笔節节範范簡简簽签約约級级紅红納纳紙纸細细終终組组結结絕绝給给絲丝經经\
維维綁绑綠绿緊紧緒绪編编緩缓練练縮缩總总績绩織织繳缴續续罰罚罵骂義义習习聲声職职聊聊膚肤臺台\
與与興兴舉举舖铺艙舱藝艺藥药補补裝装製制裡里裏里見见規规視视親亲覺觉覽览觸触計计訊讯訓训記记\
訪访設设許许訴诉診诊詐诈評评詞词試试詢询該该詳详語语誠诚誌志調调論论證证譯译議议護护讀读變变\
豐丰負负財财貢贡貧贫販贩責责貴贵貸贷貿贸資资賓宾賠赔質质賬账賺赚購购贈赠贏赢趕赶跡迹蹤踪車车\
軟软載载輕轻輛辆輪轮輸输辦办農农迴回週周遊游適适遷迁郵邮鄉乡醫医釋释針针鈔钞鈴铃銀银銷销鋪铺\
鍵键鎖锁鐘钟鑰钥長长門门閃闪閉闭閒闲關关陣阵陸陆陽阳隊队階阶際际隨随險险雙双雜杂離离難难靈灵\
靜静響响頂顶項项順顺須须預预頓顿領领頭头頻频題题額额顏颜願愿類类顧顾顯显風风飛飞飯饭館馆馬马\
驚惊騙骗騷骚驅驱體体鬆松魚鱼麗丽黃黄齊齐齡龄龍龙圖图圓圆團团圍围執执堅坚墊垫壓压壯壮夢梦夾夹\
奪夺奮奋婦妇媽妈孫孙學学寧宁審审寫写寬宽寶宝屜屉島岛嶄崭巔巅庫库廠厂廣广廢废廳厅彈弹彙汇徵征\
德德憂忧憑凭憶忆懶懒懷怀戲戏戶户擋挡據据擴扩擺摆攔拦敗败敵敌斃毙暫暂曉晓書书東东棄弃棧栈榮荣\
構构樹树橋桥檔档檢检櫃柜欄栏殘残毀毁漲涨漢汉潛潜濟济瀏浏灣湾燈灯營营爛烂牆墙牽牵猶犹獎奖瑣琐\
療疗瘋疯癥症皺皱盜盗眾众睏困硬硬碼码礙碍禍祸稍稍窮穷築筑籌筹糧粮糾纠純纯紀纪紹绍絡络繁繁羅罗\
聖圣聰聪肅肃脅胁脫脱腦脑腳脚膠胶臉脸臨临蘋苹蘭兰虛虚號号虧亏蟲虫術术衛卫衝冲襲袭討讨託托訝讶\
詭诡誇夸諒谅諮咨謊谎謹谨譽誉賀贺賴赖贊赞躍跃軍军較较輔辅辭辞違违遙遥遺遗鄰邻釘钉銳锐鋼钢錶表\
鏡镜鑒鉴鑽钻閱阅闊阔雖虽雞鸡霧雾韓韩頒颁頗颇飲饮餘余餐餐饋馈駐驻駕驾騎骑驟骤髒脏鮮鲜鳥鸟麥麦\
麵面黨党鼠鼠您您妳你佔占併并係系俠侠倉仓個个倫伦偉伟側侧偵侦傑杰傘伞備备傢家傭佣傳传債债傷伤\
傾倾僅仅僑侨僕仆價价儀仪億亿儘尽償偿優优儲储兒儿兩两冊册凍冻準准凱凯別别刪删則则剛刚創创劃划\
劇剧劉刘勁劲動动勞劳勝胜勢势勵励勸劝區区協协卻却厭厌厲厉參参啟启員员喚唤啞哑問问喪丧喬乔嗎吗\
嘆叹嘗尝嘩哗噴喷嚇吓嚴严國国圍围園园壇坛壘垒壟垄壺壶够够夥伙";

/// The characters that have a simplified form lie from here on.
const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;

/// The simplified form of every character from [`FIRST`] to [`LAST`], by place.
static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = (FIRST..=LAST).filter_map(char::from_u32).collect();
    let chars: Vec<char> = PAIRS.chars().collect();
    for pair in chars.chunks_exact(2) {
        if let Some(place) = place(pair[0]) {
            table[place] = pair[1];
        }
    }
    table
});

fn place(c: char) -> Option<usize> {
    u32::from(c).checked_sub(FIRST).filter(|n| *n <= LAST - FIRST).map(|n| n as usize)
}

/// The simplified form of one character; itself where none is listed.
pub(super) fn to_simplified(c: char) -> char {
    place(c).and_then(|place| TABLE.get(place)).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_whole_and_lead_to_a_fixed_point() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        for c in PAIRS.chars() {
            let simple = to_simplified(c);
            assert_eq!(to_simplified(simple), simple, "{c} -> {simple} goes on");
        }
    }

    #[test]
    fn service_words() {
        let simple: String =
            "轉接人工客服，請問為什麼沒有回覆".chars().map(to_simplified).collect();
        assert_eq!(simple, "转接人工客服，请问为什么没有回覆");
    }
}
