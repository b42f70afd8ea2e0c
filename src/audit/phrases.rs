//! The mail with which an anchor leaves the machine.

use super::anchor::Anchor;

impl Anchor {
    /// Subject and text for whoever keeps it.
    pub fn letter(&self) -> (String, String) {
        let subject = format!("監査記録の控え（{}番まで）", self.seq());
        let body = format!(
            "監査記録の控えです。このメールは消さずに、データベースの管理者が手を加えられない所に残してください。\r\n\r\n\
             {self}\r\n\r\n\
             記録が後から削られたり書き換えられたりしていないかは、サーバーで次のように確かめます。\r\n\r\n\
             kairan audit verify --head {self}\r\n\r\n\
             監査担当は、職員の画面の「監査記録」でも同じことができます。この控えに個人情報は入っていません。\r\n"
        );
        (subject, body)
    }
}
